import { Inject, Injectable, Logger } from '@nestjs/common';
import { Config } from '../../config.js';
import { ticks } from '../../platform/common/clock.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { NOBODY } from '../analytics/daily-stat.entity.js';
import { failed, limitReached, notConfigured } from './ai-refusal.js';
import { AiSettingsRepository, type Counted } from './ai-settings.repository.js';
import { AiSettingsService, type Models } from './ai-settings.service.js';
import type { AiUse } from './ai-usage.entity.js';
import { Provider, ProviderError, type Completion, type Prompt, type Tokens } from './provider.js';

/** Who asks a model, and for what. */
export interface Asker {
  readonly tenant: Tenant;
  /** Null: a program. */
  readonly userId: string | null;
  readonly kind: AiUse;
}

/** What a model said, and what that cost. */
export interface Answer extends Completion {
  readonly model: string;
  /** Millionths of a unit of money. */
  readonly cost: number;
  readonly milliseconds: number;
  /** The day that it is counted on. */
  readonly day: string;
}

const SHOWN = '[key]';
/** What is shorter may be a word, and is no secret. */
const MIN_KEY = 8;

/** Asks the models of a workspace, and counts what that costs, whatever comes of it. */
@Injectable()
export class ModelsService {
  private readonly logger = new Logger('Ai');
  private readonly isLogged: boolean;

  constructor(
    private readonly settings: AiSettingsService,
    private readonly usage: AiSettingsRepository,
    private readonly provider: Provider,
    @Inject(Config) { ai }: Pick<Config, 'ai'>,
  ) {
    this.isLogged = ai.log;
  }

  /** @throws AiRefusal where a model that writes would not be asked */
  async mustBeReady(tenant: Tenant): Promise<void> {
    const { models } = await this.writerOf(tenant);
    await this.mustBeWithin(tenant, models.limit);
  }

  /** @throws AiRefusal where nobody may or can be asked, or no answer came */
  async complete(asker: Asker, prompt: Prompt): Promise<Answer> {
    const { models, model } = await this.writerOf(asker.tenant);
    const { connection, inputPrice, outputPrice } = models;
    const costOf = (tokens: Tokens): number =>
      costIn(tokens.tokensIn, inputPrice) + costIn(tokens.tokensOut, outputPrice);
    const { done, ...rest } = await this.ask(asker, models, model, costOf, () =>
      this.provider.complete(connection, model, prompt),
    );
    // Whoever is asked knows its key, and might say it to others.
    const text =
      connection.apiKey === null || connection.apiKey.length < MIN_KEY
        ? done.text
        : done.text.replaceAll(connection.apiKey, SHOWN);
    if (this.isLogged) {
      this.logger.log(JSON.stringify({ clientId: asker.tenant.clientId, model, prompt, text }));
    }
    return { ...done, text, model, ...rest };
  }

  /** The vectors of these texts, by that model. @throws AiRefusal, also where it is not the workspace's any more */
  async embed(asker: Asker, model: string, texts: readonly string[]): Promise<readonly Float32Array[]> {
    const models = await this.settings.find(asker.tenant);
    if (models?.embeddingModel !== model) {
      throw notConfigured();
    }
    const costOf = (tokens: Tokens): number => costIn(tokens.tokensIn, models.embeddingPrice);
    const { done } = await this.ask(asker, models, model, costOf, () =>
      this.provider.embed(models.connection, model, texts),
    );
    return done.vectors;
  }

  /** What was found out without asking anybody. */
  async countLocal({ tenant, userId, kind }: Asker, model: string): Promise<void> {
    const nothing = { tokensIn: 0, tokensOut: 0, cost: 0, milliseconds: 0 };
    await this.usage.count(tenant, { userId: userId ?? NOBODY, kind, model, isFailed: false, ...nothing });
  }

  private async writerOf(tenant: Tenant): Promise<{ readonly models: Models; readonly model: string }> {
    const models = await this.settings.find(tenant);
    if (models?.chatModel == null) {
      throw notConfigured();
    }
    return { models, model: models.chatModel };
  }

  private async ask<T extends Tokens>(
    { tenant, userId, kind }: Asker,
    { limit }: Models,
    model: string,
    costOf: (tokens: Tokens) => number,
    work: () => Promise<T>,
  ): Promise<{ readonly done: T; readonly cost: number; readonly milliseconds: number; readonly day: string }> {
    await this.mustBeWithin(tenant, limit);
    const began = ticks();
    const count = async (tokens: Tokens, isFailed: boolean) => {
      const { tokensIn, tokensOut } = tokens;
      const [cost, milliseconds] = [costOf(tokens), Math.round(ticks() - began)];
      const call = { userId: userId ?? NOBODY, kind, model, isFailed, tokensIn, tokensOut, cost, milliseconds };
      const counted = await this.usage.count(tenant, call);
      await this.tellIfReached(tenant, limit, counted);
      return { cost, milliseconds, day: counted.day };
    };
    try {
      const done = await work();
      return { done, ...(await count(done, false)) };
    } catch (error) {
      if (!(error instanceof ProviderError)) {
        throw error;
      }
      await count(error.tokens, true);
      throw failed(error.problem);
    }
  }

  private async mustBeWithin(tenant: Tenant, limit: number | null): Promise<void> {
    if (limit === null) {
      return;
    }
    const { used, secondsLeft } = await this.usage.findUsed(tenant);
    if (used >= limit) {
      await this.usage.tellLimit(tenant, used, limit);
      throw limitReached(secondsLeft);
    }
  }

  private async tellIfReached(tenant: Tenant, limit: number | null, { used }: Counted): Promise<void> {
    if (limit !== null && used >= limit) {
      await this.usage.tellLimit(tenant, used, limit);
    }
  }
}

/** @param price millionths of a unit of money for a million tokens */
function costIn(tokens: number, price: number): number {
  return Math.ceil((tokens * price) / 1_000_000);
}
