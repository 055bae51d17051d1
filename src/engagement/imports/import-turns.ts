import { Injectable } from '@nestjs/common';
import { FilesService, type FileRow } from '../../files/files.service.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ContactsBulkService } from '../contacts/contacts-bulk.service.js';
import { ContactListsService } from '../contacts/contact-lists.service.js';
import type { BulkOptions, FileOptions } from './import-options.js';
import { ImportRows } from './import-rows.js';
import { ImportsRepository, type ImportJob, type Place, type Tally } from './imports.repository.js';
import { UnreadableCsv } from './read-csv.js';

/** Then it is the turn of whoever waits, so that a large import holds up nobody. */
const BATCHES_A_TURN = 10;
const BATCH_CONTACTS = 500;
/** Of one import; a file that has more is no table of contacts. */
const MAX_PROBLEMS = 1_000_000;
/** Between turns that come to nothing: the longer, the more there were, for an hour in all. */
const RETRY_STEP_MS = 5_000;
const RETRY_MAX_MS = 60_000;
const MAX_ATTEMPTS = 60;

/** What ends an import, in a sentence for people. */
class Hopeless extends Error {}

/** What a batch works on: what it does with it, and where it ends. */
interface Step {
  readonly place: Place;
  readonly work: () => Promise<Tally>;
}

/** An import's turns: each goes on where the last one was, some batches far. */
@Injectable()
export class ImportTurns {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly rows: ImportRows,
    private readonly files: FilesService,
    private readonly lists: ContactListsService,
    private readonly bulk: ContactsBulkService,
    private readonly replicas: Replicas,
  ) {}

  claim(except: readonly string[]): Promise<ImportJob[]> {
    return this.imports.claim(except, this.replicas.id);
  }

  /** @throws where the database is away: whoever takes it over goes on */
  async take(job: ImportJob, stop: AbortSignal): Promise<void> {
    const tenant = { clientId: job.clientId, livemode: job.livemode };
    try {
      if (await this.go(tenant, job, stop)) {
        await this.end(tenant, job, 'completed', null);
      } else {
        await this.imports.release(tenant, job, this.replicas.id, 0);
      }
    } catch (error) {
      if (error instanceof UnreadableCsv || error instanceof Hopeless || isFinal(error)) {
        await this.end(tenant, job, 'failed', (error as Error).message);
      } else if (job.attempts >= MAX_ATTEMPTS) {
        await this.end(tenant, job, 'failed', 'The import could not go on.');
      } else {
        const dueInMs = Math.min(job.attempts * RETRY_STEP_MS, RETRY_MAX_MS);
        await this.imports.release(tenant, job, this.replicas.id, dueInMs);
        if (!(error instanceof Refusal)) {
          throw error;
        }
      }
    }
  }

  /** Whether there is nothing left. */
  private async go(tenant: Tenant, job: ImportJob, stop: AbortSignal): Promise<boolean> {
    const { options } = job;
    const steps = options.kind === 'file' ? this.ofFile(tenant, job, options) : this.ofSegment(tenant, job, options);
    let at = job;
    let turns = 0;
    for await (const step of steps) {
      const tally = await this.move(tenant, at, step);
      if (tally === null) {
        return false;
      }
      at = { ...at, rows: at.rows + tally.rows, errorCount: at.errorCount + tally.problems.length };
      if (at.errorCount > MAX_PROBLEMS) {
        throw new Hopeless('Too many rows are wrong.');
      }
      turns += 1;
      if (turns === BATCHES_A_TURN || stop.aborted) {
        return false;
      }
    }
    return true;
  }

  /** One transaction: what is written, and how far it came. Null where it is no longer ours. */
  private move(tenant: Tenant, job: ImportJob, { place, work }: Step): Promise<Tally | null> {
    return this.imports.unlessNothing(tenant, async () => {
      const tally = await work();
      return (await this.imports.move(tenant, job, this.replicas.id, tally, place)) ? tally : null;
    });
  }

  private async *ofFile(tenant: Tenant, job: ImportJob, options: FileOptions): AsyncGenerator<Step, void, void> {
    const file = await this.fileOf(tenant, job);
    const open = (from: number) => this.files.read(tenant, file, from);
    for await (const batch of this.rows.batches(open, options.unknownColumns, job, job.rows)) {
      yield { place: batch.place, work: () => this.rows.write(tenant, batch, options) };
    }
  }

  private async fileOf(tenant: Tenant, { fileId }: ImportJob): Promise<FileRow> {
    const file = fileId === null ? null : await this.files.find(tenant, fileId, null);
    if (!file) {
      throw new Hopeless('The file is gone.');
    }
    return file;
  }

  private async *ofSegment(
    tenant: Tenant,
    { cursor }: ImportJob,
    { filters, mayResubscribe, ...change }: BulkOptions,
  ): AsyncGenerator<Step, void, void> {
    for (let after = cursor; ;) {
      const contacts = await this.lists.after(tenant, filters, after, BATCH_CONTACTS);
      if (contacts.length === 0) {
        return;
      }
      after = contacts.at(-1)!.number;
      yield {
        place: { cursor: after, lines: 0 },
        work: async () => {
          const { changed, problems } = await this.bulk.changeEach(tenant, contacts, change, mayResubscribe);
          const rows = { rows: contacts.length, created: 0, updated: changed };
          return { ...rows, skipped: contacts.length - changed, problems };
        },
      };
    }
  }

  private async end(
    tenant: Tenant,
    job: ImportJob,
    state: 'completed' | 'failed',
    problem: string | null,
  ): Promise<void> {
    await this.imports.inTransaction(tenant, async () => {
      const ended = await this.imports.end(tenant, job, this.replicas.id, state, problem);
      if (ended && ended.fileId !== null) {
        await this.files.deleteUnheld(tenant, [ended.fileId]);
      }
    });
  }
}

/** Whether it is no use to try again. */
function isFinal(error: unknown): boolean {
  return error instanceof Refusal && error.kind !== 'unavailable';
}
