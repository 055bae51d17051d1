import { Injectable } from '@nestjs/common';
import { UsersService, type Account } from '../../../users/accounts/users.service.js';
import { Memberships } from '../../../workspaces/memberships.js';
import type { EngagementUserDto } from './account.dto.js';
import { presentUser } from './users.presenter.js';

/** Users as they are shown to themselves, with their workspaces. */
@Injectable()
export class ShownUsers {
  constructor(
    private readonly users: UsersService,
    private readonly memberships: Memberships,
  ) {}

  /** @throws Refusal 401: it is gone since its session was found */
  async get(userId: string): Promise<EngagementUserDto> {
    return this.of(await this.users.get(userId));
  }

  async of(user: Account): Promise<EngagementUserDto> {
    const [workspaces, activeId] = await Promise.all([
      this.memberships.listOf(user.id),
      this.memberships.activeOf(user.id),
    ]);
    return presentUser(user, workspaces, activeId);
  }
}
