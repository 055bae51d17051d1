import { Injectable } from '@nestjs/common';
import { hashKey } from '../../clients/key-format.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { forbidden, InvalidInput } from '../../platform/common/errors/refusal.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Role } from '../../platform/common/tenancy/roles.js';
import { UsersService, type Account } from '../../users/accounts/users.service.js';
import { UserSessions, type Visitor } from '../../users/sessions/user-sessions.js';
import { invalidToken } from '../../users/tokens/user-tokens.js';
import { AuditLog } from '../audit/audit-log.js';
import { MembershipsRepository } from '../memberships.repository.js';
import { Memberships } from '../memberships.js';
import { InvitationsRepository, type InvitationByToken } from './invitations.repository.js';

export interface SeenInvitation extends InvitationByToken {
  /** Whether nobody has an account of this e-mail yet. */
  readonly needsAccount: boolean;
}

export interface Acceptance {
  readonly token: string;
  /** For a new account. */
  readonly name?: string | null;
  readonly password?: string | null;
}

export interface Accepted {
  readonly workspace: { readonly id: string; readonly name: string; readonly role: Role };
  /** Of a session, where the account is a new one. */
  readonly token: string | null;
}

/** Whoever has the mail has the e-mail address: the token proves it. */
@Injectable()
export class Acceptances {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly members: MembershipsRepository,
    private readonly memberships: Memberships,
    private readonly users: UsersService,
    private readonly sessions: UserSessions,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Refusal 400 */
  async look(token: string): Promise<SeenInvitation> {
    const found = await this.invitations.findByToken(hashKey(token));
    if (!found) {
      throw invalidToken();
    }
    return { ...found, needsAccount: (await this.users.findByEmail(found.email)) === null };
  }

  /**
   * @param signedInAs the e-mail of the user who asks, where somebody is signed in
   * @throws Refusal 400, or 403 where somebody else is signed in
   */
  async accept({ token, name, password }: Acceptance, signedInAs: string | null, visitor: Visitor): Promise<Accepted> {
    const { clientId, id, email, workspaceName, needsAccount } = await this.look(token);
    if (signedInAs !== null && signedInAs !== email) {
      throw forbidden('The invitation is for another e-mail address');
    }
    if (needsAccount && (name == null || password == null)) {
      throw missing({ name, password });
    }
    const user = needsAccount ? await this.users.createVerified(email, name!, password!) : await this.known(email);
    const take = async () => {
      const taken = await this.invitations.take({ clientId }, id, hashKey(token));
      if (taken === null) {
        throw invalidToken();
      }
      await this.members.add({ clientId }, user.id, taken);
      return taken;
    };
    const actor = { tenant: { clientId }, userId: user.id };
    const role = await this.audit.during(actor, 'invitation.accepted', take, (taken) => ({
      subject: formatId('invitation', id),
      details: { role: taken },
    }));
    this.memberships.forget();
    const session = needsAccount ? await this.sessions.begin(user.id, visitor) : null;
    return { workspace: { id: clientId, name: workspaceName, role }, token: session?.token ?? null };
  }

  /** Who registered an e-mail address and never proved it may be anybody. @throws Refusal 403 */
  private async known(email: string): Promise<Account> {
    const user = (await this.users.findByEmail(email))!;
    if (!this.users.isVerified(user)) {
      throw new ReasonedRefusal('email_not_verified', 'Confirm your e-mail address first, or reset your password.');
    }
    return user;
  }
}

function missing(given: Readonly<Record<string, string | null | undefined>>): InvalidInput {
  const absent = Object.keys(given).filter((name) => given[name] == null);
  return new InvalidInput(Object.fromEntries(absent.map((name) => [name, [`The ${name} field is required.`]])));
}
