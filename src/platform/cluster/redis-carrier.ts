import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { OutageLog } from '../common/outage-log.js';
import type { Carrier } from './broadcast-bus.js';

const CHANNEL = 'parlance';
const MAX_RETRY_MS = 2_000;
/** A connection that is silent for longer than two of these is given up. */
const PING_EVERY_MS = 5_000;

/** Redis' publish and subscribe, each on a connection that reconnects by itself. */
export class RedisCarrier implements Carrier {
  /** Redis takes far more; a process that reads slowly should not have to hold it. */
  readonly maxPacketBytes = 1_000_000;
  private readonly outages = new OutageLog(new Logger('Bus'), 'Redis is away');
  private readonly publisher;
  private readonly subscriber;

  constructor(url: string) {
    this.publisher = createClient({
      url,
      pingInterval: PING_EVERY_MS,
      // What can't be sent now is lost, not kept.
      disableOfflineQueue: true,
      socket: {
        socketTimeout: PING_EVERY_MS * 2.5,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, MAX_RETRY_MS),
      },
    });
    this.subscriber = this.publisher.duplicate();
    // Without a listener an error would end the process.
    this.publisher.on('error', () => undefined);
    this.subscriber.on('error', (error: unknown) => this.outages.began(error));
  }

  start(onPacket: (packet: string) => void, onReconnect: () => void): void {
    this.subscriber.on('ready', () => {
      // After a reconnect the client has subscribed again by itself; doing it twice is harmless.
      this.subscriber.subscribe(CHANNEL, onPacket).then(
        () => {
          this.outages.over();
          onReconnect();
        },
        () => undefined,
      );
    });
    // They go on trying, and reject only when they are destroyed.
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
