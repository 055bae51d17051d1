import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';

/** What the pages of a workspace are told of something that happened in it. */
export interface WorkspaceEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** Sockets of one dialect whose users are told what happens in their workspaces. */
export interface WorkspaceAudience {
  /** Null where none of this workspace is at this process. */
  tenantOf(clientId: string): Tenant | null;
  publish(clientId: string, event: WorkspaceEvent): void;
}

/** Brings those who say what happens in workspaces together with those who hold sockets: of several dialects, all strangers. */
@Injectable()
export class WorkspaceAudiences {
  private readonly audiences: WorkspaceAudience[] = [];

  add(audience: WorkspaceAudience): void {
    this.audiences.push(audience);
  }

  /** Null where nobody at this process is to be told. */
  tenantOf(clientId: string): Tenant | null {
    for (const audience of this.audiences) {
      const tenant = audience.tenantOf(clientId);
      if (tenant) {
        return tenant;
      }
    }
    return null;
  }

  publish(clientId: string, event: WorkspaceEvent): void {
    this.audiences.forEach((audience) => audience.publish(clientId, event));
  }
}
