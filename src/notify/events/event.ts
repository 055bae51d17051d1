import type { ChannelsService } from '../../channels/channels.service.js';
import type { CustomersService } from '../../customers/customers.service.js';
import type { EventData, EventType } from '../../platform/outbox/event-types.js';

interface EventOf<T extends EventType> {
  readonly id: string;
  readonly type: T;
  readonly data: EventData[T];
  readonly createdAt: Date;
}

/** The columns that are read of an event. */
export type StoredEvent = { [T in EventType]: EventOf<T> }[EventType];

/** An event with the row it is about, as that is now; null where it is gone or the event has all that is shown. */
export interface LoadedEvent {
  readonly event: StoredEvent;
  readonly channel: Awaited<ReturnType<ChannelsService['get']>> | null;
  readonly customer: Awaited<ReturnType<CustomersService['get']>> | null;
}
