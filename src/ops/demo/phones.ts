import type { INestApplication } from '@nestjs/common';
import type { Request } from 'express';
import { formatId } from '../../platform/common/ids/type-id.js';
import { UsersService } from '../../users/accounts/users.service.js';
import { UserSessions } from '../../users/sessions/user-sessions.js';
import { Memberships } from '../../workspaces/memberships.js';
import { WorkspacesService } from '../../workspaces/workspaces.service.js';

const OWNER = { email: 'phones@demo.example', name: 'Ada' };
/** A test workspace, and a fresh session of its owner: the page does the rest by the API. */
export async function setPhones(app: INestApplication, { ip, headers }: Request): Promise<object> {
  const users = app.get(UsersService, { strict: false });
  const owner = (await users.findByEmail(OWNER.email)) ?? (await users.createWithoutPassword(OWNER.email, OWNER.name));
  const theirs = await app.get(Memberships, { strict: false }).listOf(owner.id);
  const known = theirs.find(({ livemode }) => !livemode);
  const workspaces = app.get(WorkspacesService, { strict: false });
  const { id } = known ?? (await workspaces.createFor(owner.id, { name: 'Demo phones', livemode: false }));
  const visitor = { address: ip, userAgent: headers['user-agent'] };
  const begun = await app.get(UserSessions, { strict: false }).begin(owner.id, visitor);
  return { token: begun!.token, workspace_id: formatId('client', id) };
}
