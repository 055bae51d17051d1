import { SECOND_MS } from '../../../platform/common/durations.js';
import { now } from '../../../platform/common/clock.js';
import { readRetryAfter } from '../../../platform/common/outbound/retry-after.js';
import type { TelnyxError } from './telnyx-words.js';

/** What came of a request. */
export type TelnyxAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly data: unknown }
  | {
      readonly kind: 'failed';
      readonly status: number;
      readonly errors: readonly TelnyxError[];
      /** Seconds. */
      readonly retryAfter: number | null;
    }
  /** No byte of it has left. */
  | { readonly kind: 'not_sent'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 1024 * 1024;
/** Why there was no connection, so that nothing of a request can have left. */
const NOT_CONNECTED = [
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Telnyx's API. Each call is made once: nothing here repeats it. */
export class TelnyxClient {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  get(path: string): Promise<TelnyxAnswer> {
    return this.ask(path, { method: 'GET' });
  }

  post(path: string, body: object): Promise<TelnyxAnswer> {
    return this.write('POST', path, body);
  }

  patch(path: string, body: object): Promise<TelnyxAnswer> {
    return this.write('PATCH', path, body);
  }

  private write(method: string, path: string, body: object): Promise<TelnyxAnswer> {
    const headers = { 'content-type': 'application/json' };
    return this.ask(path, { method, headers, body: JSON.stringify(body) });
  }

  private async ask(path: string, { headers, ...init }: RequestInit): Promise<TelnyxAnswer> {
    try {
      const response = await fetch(`${this.url}/v2${path}`, {
        ...init,
        headers: { accept: 'application/json', authorization: `Bearer ${this.apiKey}`, ...headers },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await read(response);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
      const why = code ?? (error as Error).message;
      return { kind: code !== undefined && NOT_CONNECTED.includes(code) ? 'not_sent' : 'unknown', why };
    }
  }
}

async function read(response: Response): Promise<TelnyxAnswer> {
  const { status, ok } = response;
  const json = jsonIn(await textOf(response)) as { data?: unknown; errors?: unknown } | null;
  if (ok) {
    return json && typeof json === 'object' && 'data' in json
      ? { kind: 'answered', status, data: json.data }
      : { kind: 'unknown', why: 'the answer can not be read' };
  }
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after') ?? undefined, now());
  const errors = Array.isArray(json?.errors) ? (json.errors as TelnyxError[]) : [];
  return { kind: 'failed', status, errors, retryAfter: retryAfterMs === null ? null : retryAfterMs / SECOND_MS };
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) {
      throw new Error('The answer is too long');
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
