import { Injectable } from '@nestjs/common';
import type { Role } from '../../platform/common/tenancy/roles.js';
import type { Holder } from '../../platform/database/database.js';
import { MembershipsRepository } from '../memberships.repository.js';
import { Memberships } from '../memberships.js';
import type { Slice, Sliced } from '../../platform/database/numbered-list.js';
import { assertMayChange } from './member-rules.js';
import { WorkspaceMembersRepository, type MemberRow } from './workspace-members.repository.js';

export type { MemberRow };

/** Who is in a workspace, and what. */
@Injectable()
export class WorkspaceMembersService {
  constructor(
    private readonly members: WorkspaceMembersRepository,
    private readonly repository: MembershipsRepository,
    private readonly memberships: Memberships,
  ) {}

  list(workspace: Holder, slice: Slice): Promise<Sliced<MemberRow>> {
    return this.members.list(workspace, slice);
  }

  /** Holds within five seconds everywhere, and here at once. @throws Refusal 403, 404 or 409 */
  setRole(workspace: Holder, actorId: string, userId: string, role: Role): Promise<MemberRow> {
    return this.change(workspace, { actorId, userId, role }, async () => {
      await this.repository.setRole(workspace, userId, role);
      return (await this.members.get(workspace, userId))!;
    });
  }

  /** @throws Refusal 403, 404 or 409 */
  remove(workspace: Holder, actorId: string, userId: string): Promise<void> {
    return this.change(workspace, { actorId, userId, role: null }, () => this.repository.remove(workspace, userId));
  }

  /** @throws Refusal 409 where nobody would own the workspace any more */
  leave(workspace: Holder, userId: string): Promise<void> {
    return this.remove(workspace, userId, userId);
  }

  /** One after another, so that two owners can't leave at once. */
  private async change<T>(
    workspace: Holder,
    asked: { readonly actorId: string; readonly userId: string; readonly role: Role | null },
    work: () => Promise<T>,
  ): Promise<T> {
    const changed = await this.repository.inTransaction(workspace, async () => {
      assertMayChange(await this.repository.lock(workspace, [asked.actorId, asked.userId]), asked);
      return work();
    });
    this.memberships.forget();
    return changed;
  }
}
