import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import { OutboundClient, type PostResult } from '../../platform/common/outbound/outbound-client.js';
import type { Resolve } from '../../platform/common/outbound/names.js';
import { mustBeOutsideTransactions } from '../../platform/common/outside-transactions.js';
import { isObject } from '../../platform/common/fields/json-value.js';
import { tokensIn } from './tokens.js';
import { floatsIn } from './vectors.js';
import {
  Provider,
  ProviderError,
  type Completion,
  type Connection,
  type Embeddings,
  type Prompt,
  type Tokens,
} from './provider.js';

const MAX_TRIES = 2;
const RETRY_MS = 500;
/** Nobody is waited for any longer before the second try. */
const MAX_RETRY_MS = 3_000;
/** Of an answer: what is beyond makes it no JSON. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TOKENS = 10_000_000;
const MAX_DIMENSIONS = 8_192;

/**
 * Any API that speaks as OpenAI's does: `/chat/completions` and `/embeddings`. No tools are offered, and calls of any are
 * passed over. What it answers is taken for text of a stranger's.
 */
export class OpenAiProvider extends Provider implements OnApplicationShutdown {
  private readonly outbound: OutboundClient;

  /** @param timeoutMs for an answer, tries included */
  constructor(
    resolve: Resolve,
    private readonly timeoutMs: number,
  ) {
    super();
    // Later than ours, which tells why.
    this.outbound = new OutboundClient(resolve, timeoutMs + 1_000);
  }

  onApplicationShutdown(): void {
    this.outbound.close();
  }

  override async complete(connection: Connection, model: string, { system, user }: Prompt): Promise<Completion> {
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ];
    const asked = { tokensIn: tokensIn(system) + tokensIn(user), tokensOut: 0 };
    const answer = await this.post(connection, '/chat/completions', { model, messages, stream: false }, asked);
    const [choice] = listIn(answer.choices);
    const message = objectIn(objectIn(choice).message);
    const { content } = message;
    const tokens = usageIn(answer, asked);
    if (typeof content !== 'string' || content.trim() === '') {
      throw new ProviderError('malformed', tokens);
    }
    const { tokensOut = tokensIn(content) } = countsIn(answer);
    return { text: content, tokensIn: tokens.tokensIn, tokensOut };
  }

  override async embed(connection: Connection, model: string, texts: readonly string[]): Promise<Embeddings> {
    const asked = { tokensIn: texts.reduce((sum, text) => sum + tokensIn(text), 0), tokensOut: 0 };
    const body = { model, input: texts, encoding_format: 'float' };
    const answer = await this.post(connection, '/embeddings', body, asked);
    const tokens = usageIn(answer, asked);
    const found = listIn(answer.data).map((one, at) => ({ at: indexOf(one, at), vector: vectorIn(one) }));
    const vectors = texts.map((_, at) => found.find((one) => one.at === at)?.vector ?? null);
    const length = vectors[0]?.length;
    if (vectors.some((vector) => vector === null || vector.length !== length)) {
      throw new ProviderError('malformed', tokens);
    }
    return { vectors: vectors as Float32Array[], ...tokens };
  }

  /** @throws ProviderError */
  private async post(
    { baseUrl, apiKey, rules }: Connection,
    path: string,
    body: object,
    asked: Tokens,
  ): Promise<Readonly<Record<string, unknown>>> {
    mustBeOutsideTransactions();
    const stop = AbortSignal.timeout(this.timeoutMs);
    const headers = {
      ...{ 'user-agent': 'Parlance-AI/1', accept: 'application/json' },
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    const post = { url: `${baseUrl}${path}`, rules, headers, body: JSON.stringify(body), maxBytes: MAX_BYTES };
    try {
      for (let tries = 1; ; tries += 1) {
        const result = await this.outbound.post(post, stop);
        if (tries === MAX_TRIES || !mayHelp(result)) {
          return readAnswer(result, asked);
        }
        await sleep(Math.min(result.retryAfterMs ?? RETRY_MS, MAX_RETRY_MS), undefined, { signal: stop });
      }
    } catch (error) {
      throw stop.aborted ? new ProviderError('time', asked) : error;
    }
  }
}

/** Whether another try may end otherwise. */
function mayHelp({ status }: PostResult): boolean {
  return status === null || status === 429 || status >= 500;
}

/** @throws ProviderError */
function readAnswer({ status, error, body }: PostResult, asked: Tokens): Readonly<Record<string, unknown>> {
  if (status === null || (status !== 200 && status < 429)) {
    throw new ProviderError('refused');
  }
  if (status !== 200) {
    throw new ProviderError('overloaded');
  }
  const answer = error === null ? parsed(body ?? '') : null;
  if (!isObject(answer)) {
    throw new ProviderError('malformed', asked);
  }
  return answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What it says that it counted, where that can be; else what was asked. */
function usageIn(answer: Readonly<Record<string, unknown>>, asked: Tokens): Tokens {
  return { ...asked, ...countsIn(answer) };
}

function countsIn({ usage }: Readonly<Record<string, unknown>>): Partial<Tokens> {
  const { prompt_tokens: input, completion_tokens: output } = objectIn(usage);
  return {
    ...(isCount(input) ? { tokensIn: input } : {}),
    ...(isCount(output) ? { tokensOut: output } : {}),
  };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TOKENS;
}

function indexOf(one: unknown, otherwise: number): number {
  const { index } = objectIn(one);
  return typeof index === 'number' ? index : otherwise;
}

/** Of length 1; null where it is none. Floats, or those in base64, which some answer whatever they were asked for. */
function vectorIn(one: unknown): Float32Array | null {
  const { embedding } = objectIn(one);
  const floats =
    typeof embedding === 'string'
      ? floatsIn(Buffer.from(embedding, 'base64'))
      : Float32Array.from(listIn(embedding), (value) => (typeof value === 'number' ? value : NaN));
  const length = Math.hypot(...floats.subarray(0, MAX_DIMENSIONS));
  const isVector = floats.length > 0 && floats.length <= MAX_DIMENSIONS && Number.isFinite(length) && length > 0;
  return isVector ? floats.map((value) => value / length) : null;
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
