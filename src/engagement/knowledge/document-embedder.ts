import { Injectable } from '@nestjs/common';
import { HOUR_MS, MINUTE_MS } from '../../platform/common/durations.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { AiRefusal } from '../ai/ai-refusal.js';
import { AiSettingsService } from '../ai/ai-settings.service.js';
import { ModelsService } from '../ai/models.service.js';
import { bytesOf } from '../ai/vectors.js';
import { DocumentsRepository, type DocumentJob } from './documents.repository.js';

/** That a provider is asked for at once. */
const CHUNKS_AT_ONCE = 32;

/** Makes vectors of the chunks of documents that a worker has taken. */
@Injectable()
export class DocumentEmbedder {
  constructor(
    private readonly documents: DocumentsRepository,
    private readonly settings: AiSettingsService,
    private readonly models: ModelsService,
  ) {}

  /** Where no model answers, it is ready without, and tried again. Whoever dies meanwhile leaves what was made. */
  async embed(tenant: Tenant, job: DocumentJob): Promise<void> {
    const model = await this.settings.embeddingModelOf(tenant);
    if (model === null) {
      return this.documents.embedded(tenant, job, {});
    }
    try {
      if (await this.embedAll(tenant, job, model)) {
        await this.documents.embedded(tenant, job, { model });
      }
    } catch (error) {
      if (!(error instanceof AiRefusal)) {
        throw error;
      }
      const dueInMs = error.aiCode === 'AI_FAILED' ? Math.min(job.attempts * MINUTE_MS, HOUR_MS) : HOUR_MS;
      const why = `Found by its words only. ${error.message}`;
      await this.documents.embedded(tenant, job, { error: why, dueInMs });
    }
  }

  /** False where somebody took it since, or it is gone. @throws AiRefusal */
  private async embedAll(tenant: Tenant, job: DocumentJob, model: string): Promise<boolean> {
    for (;;) {
      const chunks = await this.documents.findUnembedded(tenant, job, model, CHUNKS_AT_ONCE);
      if (chunks.length === 0) {
        return true;
      }
      const texts = chunks.map(({ text }) => `${job.title}\n\n${text}`);
      const vectors = await this.models.embed({ tenant, userId: null, kind: 'embedding' }, model, texts);
      const made = chunks.map(({ n }, at) => ({ n, vector: bytesOf(vectors[at]!) }));
      if (!(await this.documents.embed(tenant, job, made, model))) {
        return false;
      }
    }
  }
}
