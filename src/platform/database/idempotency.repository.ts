import { Injectable } from '@nestjs/common';
import { IdempotencyLedger, type KeyedRequest } from '../common/idempotency/idempotency-ledger.js';
import { Refusal } from '../common/errors/refusal.js';
import { WrittenAnswer } from '../common/http/status-result.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Database } from './database.js';
import { SQLSTATE } from './sqlstates.js';
import { CLAIM, FIND, KEEP } from './idempotency.sql.js';

interface Kept {
  readonly fingerprint: Buffer;
  readonly status: number | null;
  readonly body: string;
}

/** The key and the effect commit together; a second request with the key waits for the first on the unique index. */
@Injectable()
export class IdempotencyRepository extends IdempotencyLedger {
  constructor(private readonly database: Database) {
    super();
  }

  once(
    tenant: Tenant,
    request: KeyedRequest,
    work: () => Promise<WrittenAnswer>,
    remember: (error: unknown) => WrittenAnswer,
    replay: (row: unknown) => WrittenAnswer,
  ): Promise<{ answer: WrittenAnswer; replayed: boolean }> {
    return this.database.transaction(tenant, async () => {
      if (!(await this.claim(tenant, request))) {
        return { answer: (await this.find(tenant, request, replay))!, replayed: true };
      }
      const answer = await this.database.savepoint(work).catch(remember);
      await this.database.runFor(tenant, KEEP, [request.key, answer.status, answer.text]);
      return { answer, replayed: false };
    });
  }

  private async claim(tenant: Tenant, { key, fingerprint }: KeyedRequest): Promise<boolean> {
    try {
      return (await this.database.runFor(tenant, CLAIM, [key, fingerprint])).length === 1;
    } catch (error) {
      if ((error as { code?: string }).code === SQLSTATE.lockNotAvailable) {
        throw new Refusal('idempotency_key_in_use', 'A request with this Idempotency-Key is still running', {
          retryAfter: 1,
        });
      }
      throw error;
    }
  }

  async find(
    tenant: Tenant,
    { key, fingerprint }: KeyedRequest,
    replay: (row: unknown) => WrittenAnswer,
  ): Promise<WrittenAnswer | null> {
    const [kept] = await this.database.runFor<Kept & Record<string, unknown>>(tenant, FIND, [key]);
    if (!kept) {
      return null;
    }
    if (!kept.fingerprint.equals(fingerprint)) {
      throw new Refusal('idempotency_key_reused', 'The given data was invalid.', {
        errors: { 'Idempotency-Key': ['The Idempotency-Key was used for another request.'] },
      });
    }
    const { status, body } = kept;
    return status === null ? replay(JSON.parse(body)) : new WrittenAnswer(status, body);
  }
}
