import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { createClient, defineScript, type CommandParser } from 'redis';
import { monotonic } from '../clock.js';
import { Buckets, capacityOf, costOf, MemoryBuckets, type BucketSize, type Wanted } from './buckets.js';

/** Milliseconds in which a Redis that is up has answered; a request waits no longer. */
const TIMEOUT_MS = 250;
/** Microseconds before one that has failed is asked again. */
const RETRY_AFTER_MICROSECONDS = 1_000_000;
/** Milliseconds between two attempts to connect, at most. */
const MAX_RECONNECT_MS = 1_000;

/**
 * As MemoryBuckets does it, by the clock of Redis. No bucket is emptier than empty: such a one is of before that clock
 * was set back.
 */
const TAKE = defineScript({
  SCRIPT: `
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local debts = {}
    for at, key in ipairs(KEYS) do
      local capacity = tonumber(ARGV[2 * at])
      local known = tonumber(redis.call('GET', key) or 0)
      if known > now + capacity then
        known = now
      end
      local full = math.max(known, now) + ARGV[2 * at - 1]
      debts[at] = full - now
      if full - now > capacity then
        break
      end
      if full > now then
        redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
      else
        redis.call('DEL', key)
      end
    end
    return debts`,
  parseCommand(parser: CommandParser, wanted: readonly Wanted[], sign: 1 | -1) {
    parser.pushKeysLength(wanted.map(({ key }) => `parlance:rate:${key}`));
    parser.push(...wanted.flatMap(({ size }) => [String(sign * costOf(size)), String(capacityOf(size))]));
  },
  transformReply: undefined as unknown as () => number[],
});

/**
 * Those of all processes, in Redis. While it is away each process counts by itself, so that no request fails or waits
 * for it: of several processes each then admits the whole limit.
 */
export class RedisBuckets extends Buckets implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('RateLimits');
  private readonly local = new MemoryBuckets();
  private readonly client: ReturnType<typeof clientOf>;
  private isAway = false;
  private askAgainAt = 0;

  constructor(url: string) {
    super();
    this.client = clientOf(url);
    // Unheard, the error of a lost connection would end the process.
    this.client.on('error', (error: Error) => this.lose(error));
    this.client.on('ready', () => this.find());
  }

  /** The start does not wait for it. */
  onModuleInit(): void {
    this.client.connect().catch((error: unknown) => this.lose(error as Error));
  }

  onApplicationShutdown(): void {
    if (this.client.isOpen) {
      this.client.destroy();
    }
  }

  async take(key: string, size: BucketSize): Promise<number> {
    return (await this.takeEach([{ key, size }]))[0]!;
  }

  async takeEach(wanted: readonly Wanted[]): Promise<number[]> {
    return (await this.move(wanted, 1)) ?? this.local.takeEach(wanted);
  }

  async giveBack(key: string, size: BucketSize): Promise<void> {
    if ((await this.move([{ key, size }], -1)) === null) {
      this.local.giveBack(key, size);
    }
  }

  /** Null where Redis is away. */
  private async move(wanted: readonly Wanted[], sign: 1 | -1): Promise<number[] | null> {
    if (this.client.isReady && monotonic() >= this.askAgainAt) {
      try {
        const debts = await withTimeout(this.client.take(wanted, sign));
        this.find();
        return debts;
      } catch (error) {
        this.lose(error as Error);
        this.askAgainAt = monotonic() + RETRY_AFTER_MICROSECONDS;
      }
    }
    return null;
  }

  /** Says so once, not at every request. */
  private lose({ message }: Error): void {
    if (!this.isAway) {
      this.isAway = true;
      this.logger.warn(`Redis is away, so this process counts requests by itself: ${message}`);
    }
  }

  private find(): void {
    if (this.isAway) {
      this.isAway = false;
      this.logger.warn('Redis is back, and counts the requests of all processes again.');
    }
  }
}

function clientOf(url: string) {
  return createClient({
    url,
    scripts: { take: TAKE },
    // A command that can't be sent now must fail now.
    disableOfflineQueue: true,
    // A peer that is gone without a word is noticed by its silence.
    pingInterval: 3_000,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: 10_000,
      reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, MAX_RECONNECT_MS),
    },
  });
}

/**
 * The client's own time-out ends with the sending: one that has stopped, its connection open, would hold the request.
 */
function withTimeout<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Error(`No answer within ${TIMEOUT_MS} ms`));
    // Where this process itself was held up, the answer may be here and only be read next.
    const late = setTimeout(() => setImmediate(giveUp), TIMEOUT_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
