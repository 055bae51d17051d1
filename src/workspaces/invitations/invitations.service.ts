import { Inject, Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { hashKey, makeToken } from '../../clients/key-format.js';
import { Config } from '../../config.js';
import { alreadyExists, notFound, tooMany } from '../../platform/common/errors/refusal.js';
import type { Role } from '../../platform/common/tenancy/roles.js';
import type { Holder } from '../../platform/database/database.js';
import { linkTo } from '../../users/mails/link-to.js';
import { Mails, type Content } from '../../users/mails/mails.js';
import { assertMayGive } from '../members/member-rules.js';
import { Memberships } from '../memberships.js';
import type { Slice, Sliced } from '../../platform/database/numbered-list.js';
import { InvitationsRepository, type InvitationRow } from './invitations.repository.js';

export type { InvitationRow };

export const MAX_OPEN = 100;
const MAIL = 'invitation';

export interface NewInvitationInput {
  readonly email: string;
  readonly role: Role;
}

/** What a mail is about. Its token is made when it is sent. */
interface MailData {
  readonly clientId: string;
  readonly id: string;
}

/** Asking somebody into a workspace. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly memberships: Memberships,
    private readonly mails: Mails,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
  ) {
    mails.composeBy(MAIL, ({ data }) => this.compose(data as MailData));
  }

  /**
   * @param invitedBy the user who asks, and gives no more than it has; null: the operator
   * @throws Refusal 403, 404, 409 or 503
   */
  async create(
    workspace: Holder,
    invitedBy: string | null,
    { email, role }: NewInvitationInput,
  ): Promise<InvitationRow> {
    if (invitedBy !== null) {
      const own = await this.memberships.roleOf(invitedBy, workspace.clientId);
      if (own === null) {
        throw notFound('workspace');
      }
      assertMayGive(own, role);
    }
    return this.invitations.inTransaction(workspace, async () => {
      const { isMember, open } = await this.invitations.findObstacles(workspace, email);
      if (isMember) {
        throw alreadyExists('This user is a member already');
      }
      if (open >= MAX_OPEN) {
        throw tooMany('open invitations', MAX_OPEN);
      }
      // Nobody knows the token of this one; the mail's takes its place.
      const tokenSha256 = hashKey(makeToken('umt'));
      const made = await this.invitations.insert(workspace, { id: uuidv7(), email, role, tokenSha256, invitedBy });
      if (!made) {
        throw alreadyExists('This e-mail address is invited already');
      }
      await this.mail(workspace, made);
      return made;
    });
  }

  list(workspace: Holder, slice: Slice): Promise<Sliced<InvitationRow>> {
    return this.invitations.list(workspace, slice);
  }

  /** Good for another seven days, by the token of a new mail alone. @throws Refusal 404 or 503 */
  async resend(workspace: Holder, id: string): Promise<InvitationRow> {
    const renewed = await this.invitations.renew(workspace, id);
    if (!renewed) {
      throw notFound('invitation');
    }
    await this.mail(workspace, renewed);
    return renewed;
  }

  /** @throws Refusal 404 */
  async revoke(workspace: Holder, id: string): Promise<void> {
    if (!(await this.invitations.revoke(workspace, id))) {
      throw notFound('invitation');
    }
  }

  private mail({ clientId }: Holder, { id, email }: InvitationRow): Promise<void> {
    return this.mails.queue(MAIL, email, { clientId, id } satisfies MailData, id);
  }

  /** Null where it was revoked or accepted meanwhile. */
  private async compose({ clientId, id }: MailData): Promise<Content> {
    const token = makeToken('umt');
    const found = await this.invitations.setToken({ clientId }, id, hashKey(token));
    return (
      found && {
        subject: `You are invited to ${found.workspaceName}`,
        text: `Hello,

you are invited to the workspace ${found.workspaceName} as ${found.role}:

${linkTo(this.settings, 'invitation', token)}

The link works once, for seven days. If you do not know who asks, do nothing.
`,
      }
    );
  }
}
