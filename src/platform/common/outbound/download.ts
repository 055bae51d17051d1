import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { guardedLookup, NotPublicError } from './guarded-lookup.js';
import type { Resolve } from './names.js';
import { problemOf, type DestinationRules } from './outbound-policy.js';

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Something to fetch from an address that a stranger chose. */
export interface Download {
  readonly url: string;
  readonly rules: DestinationRules;
  readonly maxBytes: number;
  /** How often it may lead elsewhere; 3 times if left out. */
  readonly maxRedirects?: number;
  /** Whoever may see the first address only: not sent where a redirect leads. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends it, whatever has come so far. */
  readonly signal: AbortSignal;
}

/** What comes: its bytes once, as they arrive. */
export interface Downloaded {
  /** Without parameters, in small letters; empty where the server says none. */
  readonly contentType: string;
  /** Of its characters, where the server says it. */
  readonly charset: string | null;
  /** Where it was found, after all redirects. */
  readonly url: URL;
  readonly bytes: AsyncIterable<Buffer>;
}

/** `forbidden`: the address, or one that it leads to, is none to go to. */
export type DownloadProblem = 'forbidden' | 'unreachable' | 'too_large';

export class DownloadError extends Error {
  constructor(
    readonly problem: DownloadProblem,
    message: string,
    /** What the server answered, where that is what is wrong. */
    readonly status: number | null = null,
  ) {
    super(message);
  }
}

/**
 * Fetches by GET, and hands over to `take` what comes while it comes. Every address on the way is checked where it is
 * dialled. Nothing of one request is told to the next: no cookies, no credentials, no connection. When `take` ends, or what
 * comes is too much, it hangs up.
 * @throws DownloadError, or what `take` throws
 */
export async function download<T>(
  resolve: Resolve,
  { url, rules, maxBytes, maxRedirects = MAX_REDIRECTS, headers = {}, signal }: Download,
  take: (downloaded: Downloaded) => Promise<T>,
): Promise<T> {
  let at = allowed(url, rules);
  let response = await get(resolve, at, rules, headers, signal);
  for (let redirects = 1; REDIRECTS.has(response.statusCode!) && response.headers.location !== undefined; redirects++) {
    response.destroy();
    if (redirects > maxRedirects) {
      throw new DownloadError('forbidden', `It redirects more than ${maxRedirects} times`);
    }
    at = allowed(resolved(response.headers.location, at), rules);
    response = await get(resolve, at, rules, {}, signal);
  }
  try {
    const said = response.headers['content-type'] ?? '';
    const contentType = said.split(';')[0]!.trim().toLowerCase();
    const charset = /;\s*charset="?([\w:.-]{1,40})/i.exec(said)?.[1] ?? null;
    return await take({ contentType, charset, url: at, bytes: bytesOf(response, maxBytes) });
  } finally {
    response.destroy();
  }
}

/** @throws DownloadError */
function allowed(url: string, rules: DestinationRules): URL {
  const problem = problemOf(url, rules);
  if (problem !== null) {
    throw new DownloadError('forbidden', `It ${problem.replace(/\.$/, '')}`);
  }
  return new URL(url);
}

function resolved(location: string, base: URL): string {
  return URL.canParse(location, base.href) ? new URL(location, base).href : location;
}

function get(
  resolve: Resolve,
  url: URL,
  rules: DestinationRules,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const dial = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = dial(url, {
      agent: false,
      signal,
      lookup: guardedLookup(resolve, rules),
      headers: { 'user-agent': 'Parlance-Media/1', accept: '*/*', 'accept-encoding': 'identity', ...headers },
    });
    request.once('response', done);
    // Stays for good: what breaks after the answer began is told to whoever reads the answer.
    request.on('error', (error) => fail(problemFor(error)));
    request.end();
  });
}

/** @throws DownloadError as soon as it is known that they are too many, or not what was asked for */
async function* bytesOf(response: IncomingMessage, maxBytes: number): AsyncIterable<Buffer> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = response.headers;
  if (response.statusCode !== 200) {
    throw new DownloadError('unreachable', `It answers ${response.statusCode}`, response.statusCode);
  }
  if (encoding.toLowerCase() !== 'identity') {
    throw new DownloadError('unreachable', 'It is compressed, though that was not asked for');
  }
  const tooLarge = new DownloadError('too_large', `It has more than ${maxBytes} bytes`);
  if (Number(length ?? 0) > maxBytes) {
    throw tooLarge;
  }
  let received = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > maxBytes) {
        throw tooLarge;
      }
      yield chunk;
    }
  } catch (error) {
    throw error instanceof DownloadError ? error : problemFor(error as Error);
  }
}

function problemFor(error: Error): DownloadError {
  if (error instanceof NotPublicError) {
    return new DownloadError('forbidden', error.message);
  }
  const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
  return new DownloadError('unreachable', isLate ? 'It does not answer in time' : 'It can not be reached');
}
