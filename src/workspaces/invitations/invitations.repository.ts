import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import type { Role } from '../../platform/common/tenancy/roles.js';
import { Database, type Holder } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { slicedOf, type NumberedRow, type Slice, type Sliced } from '../../platform/database/numbered-list.js';
import type { Invitation } from './invitation.entity.js';
import {
  CREATE_INVITATION,
  FIND_BY_TOKEN,
  FIND_OBSTACLES,
  LIST_INVITATIONS,
  RENEW,
  REVOKE_EXPIRED,
  REVOKE_INVITATION,
  SET_TOKEN,
  TAKE_INVITATION,
} from './invitations.sql.js';

export type InvitationRow = Pick<Invitation, 'id' | 'email' | 'role' | 'invitedBy' | 'expiresAt' | 'createdAt'>;
export type NewInvitation = Pick<Invitation, 'id' | 'email' | 'role' | 'invitedBy' | 'tokenSha256'>;
type Row<T> = T & Record<string, unknown>;

/** An invitation, as its token finds it. */
export interface InvitationByToken {
  readonly clientId: string;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly workspaceName: string;
}

@Injectable()
export class InvitationsRepository extends TenantRepository {
  constructor(private readonly anywhere: Database) {
    super(anywhere);
  }

  /** Until the end of the transaction nobody else asks somebody in. */
  async findObstacles(workspace: Holder, email: string): Promise<{ isMember: boolean; open: number }> {
    await this.rows(workspace, LOCK_CLIENT);
    await this.rows(workspace, REVOKE_EXPIRED, email);
    return (await this.rows<{ isMember: boolean; open: number }>(workspace, FIND_OBSTACLES, email))[0]!;
  }

  /** Null where this e-mail is asked already. */
  async insert(workspace: Holder, invitation: NewInvitation): Promise<InvitationRow | null> {
    const { id, email, role, tokenSha256, invitedBy } = invitation;
    const values = [id, email, role, tokenSha256, invitedBy];
    return (await this.rows<Row<InvitationRow>>(workspace, CREATE_INVITATION, ...values))[0] ?? null;
  }

  async list(workspace: Holder, { limit, offset }: Slice): Promise<Sliced<InvitationRow>> {
    return slicedOf(await this.rows<Row<NumberedRow<InvitationRow>>>(workspace, LIST_INVITATIONS, limit, offset));
  }

  async renew(workspace: Holder, id: string): Promise<InvitationRow | null> {
    return (await this.rows<Row<InvitationRow>>(workspace, RENEW, id))[0] ?? null;
  }

  /** Null where there is nothing to be mailed any more. */
  async setToken(workspace: Holder, id: string, tokenSha256: Buffer) {
    const values = [id, tokenSha256];
    return (await this.rows<{ role: Role; workspaceName: string }>(workspace, SET_TOKEN, ...values))[0] ?? null;
  }

  async revoke(workspace: Holder, id: string): Promise<boolean> {
    return (await this.rows(workspace, REVOKE_INVITATION, id)).length > 0;
  }

  async findByToken(tokenSha256: Buffer): Promise<InvitationByToken | null> {
    return (await this.anywhere.acrossTenants<Row<InvitationByToken>>(FIND_BY_TOKEN, [tokenSha256]))[0] ?? null;
  }

  /** Null where it is open no longer. */
  async take(workspace: Holder, id: string, tokenSha256: Buffer): Promise<Role | null> {
    return (await this.rows<{ role: Role }>(workspace, TAKE_INVITATION, id, tokenSha256))[0]?.role ?? null;
  }

  inTransaction<T>(workspace: Holder, work: () => Promise<T>): Promise<T> {
    return this.anywhere.transaction(workspace, work);
  }
}
