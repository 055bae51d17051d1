import type { Socket } from 'node:net';
import pg from 'pg';
import { parseTimestamp } from './timestamps.js';

export interface PoolClientConfig extends pg.ClientConfig {
  /** Milliseconds without a byte, after which a server that owes an answer is taken for gone. */
  readonly silence_timeout?: number;
}

/**
 * A connection that breaks while idle emits an `error` event, which ends the process where it has no listener; one that was
 * just opened or lent has none yet. Its next query fails as well.
 */
export class PoolClient extends pg.Client {
  constructor(config?: PoolClientConfig) {
    super(config);
    this.on('error', () => undefined);
    this.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parseTimestamp);
    if (config?.silence_timeout !== undefined) {
      this.once('connect', () => this.breakAfter(config.silence_timeout!));
    }
  }

  /**
   * The socket's own timer, instead of node-postgres's `query_timeout`: that makes a timer for each query, and what it holds
   * outlives the query until a full collection of garbage.
   */
  private breakAfter(silenceMs: number): void {
    const stream = this.connection.stream as Socket;
    stream.setTimeout(silenceMs).on('timeout', () => {
      if (!this.isIdle) {
        stream.destroy(new Error('Query read timeout'));
      }
    });
  }

  /** Of node-postgres itself, though its types do not say so. */
  private get isIdle(): boolean {
    return (this as unknown as { readonly readyForQuery: boolean }).readyForQuery;
  }
}
