import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Config } from '../../config.js';
import { sockets } from '../../platform/common/metrics.js';
import { VERSION } from '../../platform/common/release.js';
import { Database } from '../../platform/database/database.js';
import { Feed } from '../../platform/outbox/feed.js';

const MILLIS = 1_000;
/** Whoever scales by sockets has to see a zero, too. */
const SOCKET_DIALECTS = ['pusher', 'layer', 'workspaces'];

/** What is looked at when somebody asks: this process, its pool, how far behind its sockets are. */
@Injectable()
export class Gauges {
  readonly registry = new Registry();

  constructor(
    @Inject(Config) { role }: Pick<Config, 'role'>,
    private readonly database: Database,
    private readonly feed: Feed,
  ) {
    collectDefaultMetrics({ register: this.registry });
    if (role !== 'worker') {
      SOCKET_DIALECTS.forEach((dialect) => sockets.inc({ dialect }, 0));
    }
    const registers = [this.registry];
    new Gauge({
      name: 'parlance_build_info',
      help: 'Always 1: its labels say what runs here.',
      labelNames: ['version', 'role'],
      registers,
    }).set({ version: VERSION, role }, 1);
    this.watchPool(registers);
    this.watchFeed(registers);
  }

  private watchPool(registers: Registry[]): void {
    const load = (): ReturnType<Database['load']> => this.database.load();
    new Gauge({
      name: 'parlance_database_connections',
      help: 'Connections of the pool, used and idle.',
      labelNames: ['state'],
      registers,
      collect() {
        const { used, idle } = load();
        this.set({ state: 'used' }, used);
        this.set({ state: 'idle' }, idle);
      },
    });
    new Gauge({
      name: 'parlance_database_waiting',
      help: 'Statements and transactions that wait for a connection.',
      registers,
      collect() {
        this.set(load().waiting);
      },
    });
  }

  private watchFeed(registers: Registry[]): void {
    const lagMs = (): number => this.feed.lagMs;
    new Gauge({
      name: 'parlance_feed_lag_seconds',
      help: 'How old what this process has not told its sockets may be. A look without any news takes up to a second.',
      registers,
      collect() {
        this.set(lagMs() / MILLIS);
      },
    });
  }
}
