import { Injectable } from '@nestjs/common';
import type { SmppBind } from './smpp-bind.js';

/** The binds of this process, by provider. */
@Injectable()
export class SmppBinds {
  private readonly all = new Map<string, SmppBind>();

  find(providerId: string): SmppBind | null {
    return this.all.get(providerId) ?? null;
  }

  set(providerId: string, bind: SmppBind): void {
    this.all.set(providerId, bind);
  }

  delete(providerId: string): void {
    this.all.delete(providerId);
  }
}
