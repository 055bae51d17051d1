import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { now } from '../clock.js';
import { guardedLookup } from './guarded-lookup.js';
import { problemOf, type DestinationRules } from './outbound-policy.js';
import type { Resolve } from './names.js';
import { readRetryAfter } from './retry-after.js';

/** From the first look-up to the last byte of the answer. */
const TIMEOUT_MS = 15_000;
const MAX_READ_BYTES = 64 * 1024;
const MAX_KEPT_BYTES = 1024;
/** A kept-alive connection that is unused for so long is closed. */
const IDLE_MS = 30_000;

export interface Post {
  readonly url: string;
  readonly rules: DestinationRules;
  /** Added to those of every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** How much of the answer is wanted; what is beyond is not read. If left out, its first KB. */
  readonly maxBytes?: number;
}

/** The result of a POST. */
export interface PostResult {
  /** Null where there was no answer. */
  readonly status: number | null;
  /** Null where the answer was read to its end. */
  readonly error: string | null;
  /** What the server asked for. */
  readonly retryAfterMs: number | null;
  /** The beginning of the answer, as text that can be stored. */
  readonly body: string | null;
  readonly latencyMs: number;
}

interface SeenResponse {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** What has come of it so far. */
  readonly chunks: Buffer[];
}

/**
 * Sends requests to addresses that strangers chose. The address that is really connected to is checked, every time, so
 * a name that led outside when it was looked at and leads inside now gets nowhere. Redirects are not followed.
 */
export class OutboundClient {
  private readonly agents = new Map<string, HttpAgent>();

  constructor(
    private readonly resolve: Resolve,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** Never fails but by `stop`, whose reason it throws. */
  async post(post: Post, stop: AbortSignal): Promise<PostResult> {
    const started = performance.now();
    const answer: { seen: SeenResponse | null } = { seen: null };
    stop.throwIfAborted();
    const end = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end.abort();
    }, this.timeoutMs);
    const giveUp = (): void => end.abort();
    stop.addEventListener('abort', giveUp);
    let error: string | null = null;
    try {
      const problem = problemOf(post.url, post.rules);
      if (problem !== null) {
        throw new Error(`The URL ${problem}`);
      }
      await this.exchange(post, end.signal, answer);
    } catch (failure) {
      stop.throwIfAborted();
      error = late ? `No answer within ${this.timeoutMs / 1000} seconds` : describe(failure);
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', giveUp);
    }
    const { status = null, chunks = null, retryAfterMs = null } = answer.seen ?? {};
    const body = chunks && textOf(Buffer.concat(chunks));
    return { status, body, retryAfterMs, error, latencyMs: Math.round(performance.now() - started) };
  }

  /** Ends the connections that are kept for later. */
  close(): void {
    this.agents.forEach((agent) => agent.destroy());
  }

  private async exchange(post: Post, signal: AbortSignal, answer: { seen: SeenResponse | null }): Promise<void> {
    const url = new URL(post.url);
    const dial = (agent: HttpAgent | false): ClientRequest =>
      (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent,
        signal,
        lookup: guardedLookup(this.resolve, post.rules),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Parlance-Webhooks/1',
          ...post.headers,
          'content-length': Buffer.byteLength(post.body),
        },
      });
    let request = dial(this.agentOf(url, post.rules));
    let response: IncomingMessage;
    try {
      response = await responseTo(request, post.body);
    } catch (error) {
      // The server closed the kept-alive connection just as we began to write on it: it has not read the request.
      if (!request.reusedSocket || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') {
        throw error;
      }
      request = dial(false);
      response = await responseTo(request, post.body);
    }
    answer.seen = {
      status: response.statusCode!,
      retryAfterMs: readRetryAfter(response.headers['retry-after'], now()),
      chunks: [],
    };
    await read(response, answer.seen.chunks, post.maxBytes ?? MAX_KEPT_BYTES);
  }

  /** A connection is kept only for those who could have made it. */
  private agentOf({ protocol }: URL, { loopback, inside = false }: DestinationRules): HttpAgent {
    const name = `${protocol}${loopback}${inside}`;
    const options = { keepAlive: true, maxFreeSockets: 1, timeoutMs: IDLE_MS };
    const agent = this.agents.get(name) ?? (protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options));
    this.agents.set(name, agent);
    return agent;
  }
}

function responseTo(request: ClientRequest, body: string | Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays for good: what breaks after the answer began is told to whoever reads the answer.
    request.on('error', reject);
    request.end(body);
  });
}

/** Reads up to the most that is ever read, keeps what is wanted, then hangs up. */
async function read(response: IncomingMessage, into: Buffer[], maxBytes: number): Promise<void> {
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (length < maxBytes) {
      into.push(chunk.subarray(0, maxBytes - length));
    }
    length += chunk.length;
    if (length > Math.max(maxBytes, MAX_READ_BYTES)) {
      break;
    }
  }
}

/** As text that PostgreSQL and JSON can hold: what is not UTF-8 is replaced, a character cut at the end left out. */
function textOf(bytes: Buffer): string {
  return new TextDecoder('utf-8').decode(bytes, { stream: true }).replaceAll('\u0000', '');
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined || message.includes(code) ? message : `${message} (${code})`) || code || 'No answer';
}
