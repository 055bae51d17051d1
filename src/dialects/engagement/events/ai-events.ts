import { Injectable } from '@nestjs/common';
import { FurtherEvents, type EventSource, type FurtherEvent } from '../../../notify/events/further-events.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { AI_EVENT_TYPES } from './event.dto.js';

/** The events of what models cost: as it was then. */
@Injectable()
export class AiEvents implements EventSource {
  readonly types = AI_EVENT_TYPES;

  constructor(further: FurtherEvents) {
    further.add(this);
  }

  present(_: Tenant, events: readonly FurtherEvent[]): Promise<object[]> {
    const told = events.map(
      ({ data }) => data as { readonly month: string; readonly used: number; readonly limit: number },
    );
    return Promise.resolve(
      told.map(({ month, used, limit }) => ({ month, tokens_used: used, monthly_token_limit: limit })),
    );
  }
}
