import 'reflect-metadata';
import { DAY_MS, SECOND_MS } from '../platform/common/durations.js';
import { Email, Text } from '../platform/common/fields/fields.js';
import { InputPipe } from '../platform/common/fields/input.pipe.js';
import { formatId } from '../platform/common/ids/type-id.js';
import { RateLimitsModule } from '../platform/common/rate-limit/rate-limits.module.js';
import { ClusterModule } from '../platform/cluster/cluster.module.js';
import { MailModule } from '../platform/mail/mail.module.js';
import { SecretsModule } from '../platform/secrets/secrets.module.js';
import { PasswordChanges } from '../users/accounts/password-changes.js';
import { UsersService } from '../users/accounts/users.service.js';
import { WorkspacesModule } from '../workspaces/workspaces.module.js';
import { WorkspacesService } from '../workspaces/workspaces.service.js';
import { readOptions, required, runCommand, withModules } from './command.js';

const USAGE = 'npm run -s user:create -- --email EMAIL --workspace NAME [--name NAME] [--test] [--json]';
const LINK_SECONDS = DAY_MS / SECOND_MS;
const MAX_NAME = 255;

class NewOwner {
  @Email({ description: 'The e-mail address of the user.' })
  readonly email!: string;

  @Text({ max: MAX_NAME, description: 'The name of the user.' })
  readonly name!: string;

  @Text({ max: MAX_NAME, description: 'The name of the workspace.' })
  readonly workspace!: string;
}

interface Created {
  readonly user: string;
  readonly workspace: string;
  readonly link: string;
}

/** The first owner, where nobody else can make one: a user, a workspace, and a link to choose a password by. */
async function run(): Promise<void> {
  const values = readOptions({
    email: { type: 'string' },
    workspace: { type: 'string' },
    name: { type: 'string' },
    test: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const { email, workspace } = required(values, 'email', 'workspace');
  const fields = { email, workspace, name: values.name ?? email.split('@', 1)[0] };
  const owner = new InputPipe().transform(fields, { type: 'body', metatype: NewOwner }) as NewOwner;
  const created = await create(owner, !values.test);
  process.stdout.write(values.json ? `${JSON.stringify(created)}\n` : inWords(owner, created));
}

function create({ email, name, workspace }: NewOwner, livemode: boolean): Promise<Created> {
  const modules = [ClusterModule, RateLimitsModule, MailModule, SecretsModule, WorkspacesModule];
  return withModules(modules, async (context) => {
    const user = await context.get(UsersService, { strict: false }).createWithoutPassword(email, name);
    const workspaces = context.get(WorkspacesService, { strict: false });
    const made = await workspaces.createFor(user.id, { name: workspace, livemode });
    const link = await context.get(PasswordChanges, { strict: false }).link(user.id, LINK_SECONDS);
    return { user: formatId('user', user.id), workspace: formatId('client', made.id), link };
  });
}

function inWords({ email, workspace: name }: NewOwner, { user, workspace, link }: Created): string {
  return [
    `Created ${email}, the owner of the workspace "${name}".`,
    `  user       ${user}`,
    `  workspace  ${workspace}`,
    'Whoever opens this link within a day chooses the password; it works once:',
    `  ${link}\n`,
  ].join('\n');
}

await runCommand(USAGE, run);
