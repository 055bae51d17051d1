import { Injectable } from '@nestjs/common';
import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';

/** An event of a type that a module above has handed in; `data` as its statement wrote it. */
export interface FurtherEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** What a module hands in: types of events that nothing below it knows, and how they are shown. */
export interface EventSource {
  readonly types: readonly string[];
  /** Those that only sockets are told: no webhook endpoint may ask for them. */
  readonly socketTypes?: readonly string[];
  /** The object that each of these events is about, as it is now, in their order. */
  present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<readonly object[]>;
}

/** What webhook endpoints may ask for beside WEBHOOK_EVENTS, by name. The core's document has its own types only. */
export const FURTHER_TYPES = new Set<string>();

/** The events of modules above. They are not public: neither `GET /events` nor `*` of a webhook endpoint has them. */
@Injectable()
export class FurtherEvents {
  private readonly sources: EventSource[] = [];

  add(source: EventSource): void {
    this.sources.push(source);
    source.types.forEach((type) => FURTHER_TYPES.add(type));
  }

  /** What those of these events that were handed in are about, by their ids; none of the others. */
  async present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<ReadonlyMap<string, object>> {
    const shown = new Map<string, object>();
    for (const source of this.sources) {
      const types = [...source.types, ...(source.socketTypes ?? [])];
      const own = events.filter(({ type }) => types.includes(type));
      const objects = own.length === 0 ? [] : await source.present(tenant, own);
      own.forEach(({ id }, at) => shown.set(id, objects[at]!));
    }
    return shown;
  }
}

/** As webhooks show it. */
export function presentFurther(
  { livemode }: Tenant,
  { id, type, createdAt }: { readonly id: string; readonly type: string; readonly createdAt: Date },
  data: object,
): object {
  return { id: formatId('event', id), object: 'event', type, created: unixSeconds(createdAt), livemode, data };
}
