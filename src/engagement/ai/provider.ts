import type { DestinationRules } from '../../platform/common/outbound/outbound-policy.js';

/** Where a provider is, and what it knows a workspace by. */
export interface Connection {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly rules: DestinationRules;
}

/** What a model is asked. Nothing of others stands in `system`. */
export interface Prompt {
  readonly system: string;
  readonly user: string;
}

export interface Tokens {
  readonly tokensIn: number;
  readonly tokensOut: number;
}

export interface Completion extends Tokens {
  readonly text: string;
}

export interface Embeddings extends Tokens {
  /** In the order of the texts, each of length 1. */
  readonly vectors: readonly Float32Array[];
}

/** `time`: no answer in time; `refused`: it did nothing; `malformed`: whatever it said, it is no answer. */
export type ProviderProblem = 'time' | 'refused' | 'overloaded' | 'malformed';

/** It came to nothing. */
export class ProviderError extends Error {
  constructor(
    readonly problem: ProviderProblem,
    /** What it cost all the same, as far as that is known. */
    readonly tokens: Tokens = { tokensIn: 0, tokensOut: 0 },
  ) {
    super(`A provider of models: ${problem}`);
  }
}

/** Whoever runs models. Neither waits in a transaction. */
export abstract class Provider {
  /** @throws ProviderError */
  abstract complete(connection: Connection, model: string, prompt: Prompt): Promise<Completion>;

  /** @throws ProviderError */
  abstract embed(connection: Connection, model: string, texts: readonly string[]): Promise<Embeddings>;
}
