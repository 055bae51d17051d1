import { createHash } from 'node:crypto';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { errorBody, statusOf } from '../errors/error-body.js';
import { ERROR_DIALECTS, type ErrorDialect } from '../errors/error-dialect.js';
import { InvalidInput, Refusal } from '../errors/refusal.js';
import { depthOf } from '../fields/json-value.js';
import { linkBaseOf } from '../http/base-url.js';
import { StatusResult, WrittenAnswer } from '../http/status-result.js';
import { canonicalJson } from './canonical-json.js';
import { mayReadToo } from '../tenancy/access.js';
import { IdempotencyLedger, type KeyedRequest } from './idempotency-ledger.js';
import { Staged } from './staged.js';

/** 1 to 255 printable characters; the quotes of the IETF draft's string form are not part of the key. */
const KEY = /^"?([\x20-\x7e]{1,255}?)"?$/;
const MAX_DEPTH = 32;
/** What a service refuses is an answer worth keeping; everything else may end differently next time. */
const KEPT: ReadonlySet<string> = new Set(['not_found', 'conflict', 'invalid']);

/** Makes an answer of a row that was kept in its stead. */
type Replay = (row: unknown) => unknown;

/** A request that names itself by a key. */
interface Keyed {
  readonly named: KeyedRequest;
  /** Does `work`, or says what came of it under this key before. */
  readonly once: (work: () => Promise<unknown>, replay?: Replay) => Promise<WrittenAnswer>;
  /** What came of it before, where anything did. */
  readonly before: (replay?: Replay) => Promise<WrittenAnswer | null>;
  readonly written: (result: unknown) => WrittenAnswer;
}

/** Makes a POST that carries an `Idempotency-Key` happen at most once. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly ledger: IdempotencyLedger,
    @Inject(ERROR_DIALECTS) private readonly dialects: readonly ErrorDialect[],
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const key = keyOf(request);
    if (key === null) {
      return this.withoutKey(next);
    }
    const response = context.switchToHttp().getResponse<Response>();
    // What a customer or a user names is its own: it neither reads another's answers nor takes a key that the client means to use.
    const { customerId, userId } = request.auth!;
    const owner = customerId ?? userId;
    const owned = owner === undefined ? key : `${owner}\n${key}`;
    const named = { key: owned, fingerprint: fingerprintOf(request, mayReadToo(context)) };
    const keyed: Keyed = {
      named,
      once: (work, replay) => this.once(named, request, response, work, replay),
      before: (replay) => this.find(named, request, response, replay),
      written: (result) => written(result, response.statusCode),
    };
    return from(this.withKey(next, keyed));
  }

  protected withoutKey(next: CallHandler): Observable<unknown> {
    return next.handle();
  }

  protected withKey(next: CallHandler, { once }: Keyed): Promise<WrittenAnswer> {
    return once(() => lastValueFrom(next.handle()));
  }

  private async once(
    named: KeyedRequest,
    request: Request,
    response: Response,
    work: () => Promise<unknown>,
    replay: Replay = neverKept,
  ): Promise<WrittenAnswer> {
    const { answer, replayed } = await this.ledger.once(
      request.auth!.tenant,
      named,
      async () => written(await work(), response.statusCode),
      (error) => this.keptRefusal(error, request),
      (row) => written(replay(row), response.statusCode),
    );
    if (replayed) {
      response.setHeader('Idempotent-Replayed', 'true');
    }
    return answer;
  }

  private async find(
    named: KeyedRequest,
    request: Request,
    response: Response,
    replay: Replay = neverKept,
  ): Promise<WrittenAnswer | null> {
    const kept = await this.ledger.find(request.auth!.tenant, named, (row) =>
      written(replay(row), response.statusCode),
    );
    if (kept) {
      response.setHeader('Idempotent-Replayed', 'true');
    }
    return kept;
  }

  /** In the words of whoever asked. */
  private keptRefusal(error: unknown, request: Request): WrittenAnswer {
    if (!(error instanceof Refusal) || error instanceof InvalidInput || !KEPT.has(error.kind)) {
      throw error;
    }
    const dialect = this.dialects.find((one) => one.speaks(request));
    const { status, body } = dialect?.answer(error, request) ?? {
      status: statusOf(error),
      body: errorBody(error, request.id, linkBaseOf(request)),
    };
    return new WrittenAnswer(status, JSON.stringify(body));
  }
}

/** The same for a handler that answers a Staged. */
@Injectable()
export class StagedInterceptor extends IdempotencyInterceptor {
  protected override withoutKey(next: CallHandler): Observable<unknown> {
    return from(stagesOf(next).then(async ({ before, work }) => work(await before())));
  }

  protected override async withKey(next: CallHandler, keyed: Keyed): Promise<WrittenAnswer> {
    const { named, once, written } = keyed;
    // What is refused, be it the fields or by the first stage, is an answer of this key as well, unless the key has one already.
    const refuse = (error: unknown, replay?: Replay) =>
      once(() => {
        throw error;
      }, replay);
    let stages: Staged<unknown, unknown>;
    try {
      stages = await stagesOf(next);
    } catch (error) {
      return refuse(error);
    }
    const { before, work, inOne, isSlow } = stages;
    if (isSlow) {
      const kept = await keyed.before(inOne?.replay);
      if (kept) {
        return kept;
      }
      const ready = await before();
      return once(() => work(ready), inOne?.replay);
    }
    const ready = await before().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ('error' in ready) {
      return refuse(ready.error, inOne?.replay);
    }
    const otherwise = () => once(() => work(ready.value), inOne?.replay);
    return inOne ? written(await inOne.work(ready.value, named, otherwise)) : otherwise();
  }
}

async function stagesOf(next: CallHandler): Promise<Staged<unknown, unknown>> {
  return (await lastValueFrom(next.handle())) as Staged<unknown, unknown>;
}

/** @throws Refusal 400 where the header is malformed or there is more than one */
function keyOf({ headersDistinct }: Request): string | null {
  const values = headersDistinct['idempotency-key'];
  if (values === undefined) {
    return null;
  }
  const match = values.length === 1 ? KEY.exec(values[0]!) : null;
  if (!match) {
    throw new Refusal('malformed', 'Idempotency-Key must be given once, as 1 to 255 printable characters');
  }
  return match[1]!;
}

/** @param reads whether who asks may read what it writes: who may not is not shown the answer of one who may */
function fingerprintOf({ method, originalUrl, body }: Request, reads: boolean): Buffer {
  // A body nested deeper than any valid one is refused later, and writing it out would exhaust the stack.
  const content = depthOf(body, MAX_DEPTH) > MAX_DEPTH ? '' : canonicalJson(body);
  return createHash('sha256')
    .update(`${method} ${originalUrl}\n${content}${reads ? '' : '\nunseen'}`)
    .digest();
}

function neverKept(): never {
  throw new Error('No row was kept by this route.');
}

function written(result: unknown, status: number): WrittenAnswer {
  if (result instanceof WrittenAnswer) {
    return result;
  }
  return result instanceof StatusResult
    ? new WrittenAnswer(result.status, JSON.stringify(result.body))
    : new WrittenAnswer(status, JSON.stringify(result));
}
