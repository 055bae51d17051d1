import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { Turn } from '../provider.js';
import type { SmppBind } from './smpp-bind.js';

type Owner = Pick<Tenant, 'clientId'>;

interface Bound {
  readonly providerId: string;
  readonly bind: SmppBind;
}

/** The binds of this process: a client has one at most. */
@Injectable()
export class SmppBinds {
  private readonly all = new Map<string, Bound>();

  /** Clients of whom more messages wait for their turn than are worth waiting for. */
  get busy(): string[] {
    return [...this.all].filter(([, { bind }]) => bind.isBusy).map(([clientId]) => clientId);
  }

  find({ clientId }: Owner, providerId: string): SmppBind | null {
    const bound = this.all.get(clientId);
    return bound?.providerId === providerId ? bound.bind : null;
  }

  /** The turn of a message of the client; null where it needs none. 'later': it has not come in time. */
  async turn({ clientId }: Owner): Promise<Turn | 'later' | null> {
    const bound = this.all.get(clientId);
    const turn = bound ? await bound.bind.begin() : null;
    return turn && turn !== 'later' ? { ...turn, providerId: bound!.providerId } : turn;
  }

  set({ clientId }: Owner, providerId: string, bind: SmppBind): void {
    this.all.set(clientId, { providerId, bind });
  }

  delete({ clientId }: Owner, providerId: string): void {
    if (this.all.get(clientId)?.providerId === providerId) {
      this.all.delete(clientId);
    }
  }
}
