import type { ChannelsService } from '../../channels/channels.service.js';
import type { CustomersService } from '../../customers/customers.service.js';
import type { EventData, EventType } from '../../platform/outbox/event-types.js';

interface EventOf<T extends EventType> {
  readonly id: string;
  readonly type: T;
  readonly data: EventData[T];
  readonly createdAt: Date;
}

/** What is read of an event; its type says what its data is. */
export type StoredEvent = { [T in EventType]: EventOf<T> }[EventType];

/** An event with what it is about as that is now; null where that is gone, or the event holds all there is to say. */
export interface LoadedEvent {
  readonly event: StoredEvent;
  readonly channel: Awaited<ReturnType<ChannelsService['get']>> | null;
  readonly customer: Awaited<ReturnType<CustomersService['get']>> | null;
}
