import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { freePort, isAlive } from './process.js';

/** A PostgreSQL that dies and comes back at the same address, as durable as PostgreSQL is by default. */
export class MortalPostgres {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'parlance-kill-'));
  private postgres!: EmbeddedPostgres;

  private constructor(private readonly settings: readonly string[]) {}

  static async start(settings: readonly string[] = []): Promise<MortalPostgres> {
    const mortal = new MortalPostgres([`port=${await freePort()}`, ...settings]);
    await mortal.revive();
    return mortal;
  }

  get url(): string {
    return this.postgres.url;
  }

  async revive(): Promise<void> {
    this.postgres = await EmbeddedPostgres.open(this.dataDir, this.settings);
  }

  /** Ends the postmaster and all its children at once, as a power cut would, and waits until they are gone. */
  async kill(): Promise<void> {
    const [line] = readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    const postmaster = Number(line);
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
      .map(Number);
    const all = [postmaster, ...children];
    all.forEach((pid) => process.kill(pid, 'SIGKILL'));
    while (all.some(isAlive)) {
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    await this.postgres.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It ended while we were looking.
    return 0;
  }
}
