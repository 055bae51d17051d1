import { Injectable, Logger } from '@nestjs/common';
import { FilesService } from '../../files/files.service.js';
import { QueueWorker } from '../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../notify/worker/work-slots.js';
import { Bus } from '../../platform/cluster/bus.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { DocumentEmbedder } from './document-embedder.js';
import { kindOfName } from './document-kind.js';
import { DocumentsRepository, type DocumentJob, type DocumentRow } from './documents.repository.js';
import { DocumentsService } from './documents.service.js';
import { PageReader } from './page-reader.js';
import { DocumentReader } from './reading/document-reader.js';
import type { ReadText } from './reading/readable.js';
import { Unreadable } from './reading/unreadable.js';
import { textConfigOf } from './text-configs.js';

/** They are read one after another; what else is slow is to fetch them. */
const MAX_DOCUMENTS = 4;
const MAX_DOCUMENTS_PER_CLIENT = 2;
/** Between turns that come to nothing: the longer, the more there were. */
const RETRY_STEP_MS = 5_000;
const MAX_ATTEMPTS = 10;

/** Reads and cuts the documents that are due. What a process was at when it died, another begins anew. */
@Injectable()
export class DocumentWorker extends QueueWorker {
  private readonly outages = new OutageLog(new Logger('DocumentWorker'), 'Documents can not be read');

  constructor(
    database: Database,
    bus: Bus,
    private readonly repository: DocumentsRepository,
    private readonly documents: DocumentsService,
    private readonly files: FilesService,
    private readonly reader: DocumentReader,
    private readonly pages: PageReader,
    private readonly embedder: DocumentEmbedder,
    private readonly replicas: Replicas,
  ) {
    super(database, bus, new WorkSlots(MAX_DOCUMENTS, MAX_DOCUMENTS_PER_CLIENT));
  }

  protected override look(): Promise<void> {
    return this.beginDue(
      this.outages,
      1,
      () => this.repository.claim(this.slots.full, this.replicas.id),
      (job) => this.take(job),
    );
  }

  /** @throws where the database is away: whoever takes it over begins anew */
  private async take(job: DocumentJob): Promise<void> {
    const tenant = { clientId: job.clientId, livemode: job.livemode };
    try {
      if (['embedding', 'ready', 'paused'].includes(job.status)) {
        return await this.embedder.embed(tenant, job);
      }
      const read = job.status === 'extracting' ? await this.extract(tenant, job) : job;
      if (read) {
        await this.documents.cut(tenant, read);
      }
    } catch (error) {
      const why = error instanceof Unreadable || isFinal(error) ? reasonIn(error) : null;
      const isRead = !['extracting', 'chunking'].includes(job.status);
      if (!isRead && (why !== null || job.attempts >= MAX_ATTEMPTS)) {
        await this.repository.fail(tenant, job, why ?? 'It could not be read.');
      } else {
        await this.repository.release(tenant, job, Math.min(job.attempts, MAX_ATTEMPTS) * RETRY_STEP_MS);
        throw error;
      }
    }
  }

  /** Null where it is gone, or somebody changed it meanwhile. */
  private async extract(tenant: Tenant, job: DocumentJob): Promise<DocumentRow | null> {
    const { text: content, language } = await this.read(tenant, job);
    return this.repository.extracted(tenant, job, { content, language, config: textConfigOf(language) });
  }

  private async read(tenant: Tenant, { sourceUrl, fileId, fileName }: DocumentJob): Promise<ReadText> {
    if (sourceUrl !== null) {
      return this.pages.read(tenant, sourceUrl);
    }
    const file = fileId === null ? null : await this.files.find(tenant, fileId, null);
    if (!file) {
      throw new Unreadable('The file is gone.');
    }
    const chunks: Buffer[] = [];
    for await (const chunk of (await this.files.read(tenant, file)) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    return this.reader.read({ kind: kindOfName(fileName) ?? 'plain', bytes: Buffer.concat(chunks) });
  }
}

/** Whether it is no use to try again. */
function isFinal(error: unknown): boolean {
  return error instanceof Refusal && error.kind !== 'unavailable';
}

function reasonIn(error: unknown): string {
  const { errors } = error instanceof Refusal ? error.details : {};
  return errors ? Object.values(errors).flat().join(' ') : (error as Error).message;
}
