import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { OutageLog } from '../common/outage-log.js';
import type { Carrier } from './broadcast-bus.js';

const CHANNEL = 'parlance';
/** Milliseconds. */
const MAX_RETRY = 2_000;
/** Milliseconds; a connection that is silent for longer than two of them is given up. */
const PING_EVERY = 5_000;

/** Redis' publish and subscribe, each on a connection that mends itself. */
export class RedisCarrier implements Carrier {
  /** Redis takes far more; a process that reads slowly should not have to hold it. */
  readonly limit = 1_000_000;
  private readonly outages = new OutageLog(new Logger('Bus'), 'Redis is away');
  private readonly publisher;
  private readonly subscriber;

  constructor(url: string) {
    this.publisher = createClient({
      url,
      pingInterval: PING_EVERY,
      // What can't be sent now is lost, not kept.
      disableOfflineQueue: true,
      socket: {
        socketTimeout: PING_EVERY * 2.5,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, MAX_RETRY),
      },
    });
    this.subscriber = this.publisher.duplicate();
    // Unheard, an error would end the process.
    this.publisher.on('error', () => undefined);
    this.subscriber.on('error', (error: unknown) => this.outages.began(error));
  }

  start(hear: (packet: string) => void, back: () => void): void {
    this.subscriber.on('ready', () => {
      // The client does this by itself after a loss, and the second time changes nothing; but it must not fail the first time.
      this.subscriber.subscribe(CHANNEL, hear).then(
        () => {
          this.outages.over();
          back();
        },
        () => undefined,
      );
    });
    // They go on trying; all that rejects is that they are no longer wanted.
    this.publisher.connect().catch(() => undefined);
    this.subscriber.connect().catch(() => undefined);
  }

  async publish(packets: readonly string[]): Promise<void> {
    await Promise.all(packets.map((packet) => this.publisher.publish(CHANNEL, packet)));
  }

  stop(): Promise<void> {
    this.publisher.destroy();
    this.subscriber.destroy();
    return Promise.resolve();
  }
}
