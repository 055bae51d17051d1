import { Injectable } from '@nestjs/common';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { InvalidInput, Refusal } from '../../platform/common/errors/refusal.js';
import { Buckets } from '../../platform/common/rate-limit/buckets.js';
import { refuseIfOver } from '../../platform/common/rate-limit/rate-limits.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { AuditLog } from '../../workspaces/audit/audit-log.js';
import { AddressesService, type AddressRow } from '../addresses/addresses.service.js';
import { digestOf } from './code-digest.js';
import { CodesRepository } from './codes.repository.js';

const HOUR_SECONDS = 3_600;
/** For each number. */
const CODES = { perSecond: 3 / HOUR_SECONDS, seconds: HOUR_SECONDS };

/** Who asks, in which workspace. */
export interface MemberOf {
  readonly tenant: Tenant;
  readonly userId: string;
}

/** Proves that a number is the client's, where its provider can not say: by a code that is sent from it to itself. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly codes: CodesRepository,
    private readonly addresses: AddressesService,
    private readonly buckets: Buckets,
    private readonly audit: AuditLog,
  ) {}

  /** A code is on its way soon. @throws Refusal 404, 409 where it is verified, or 429 */
  async ask(tenant: Tenant, id: string): Promise<AddressRow> {
    const address = await this.addresses.get(tenant, id);
    if (address.verifiedAt) {
      throw new Refusal('limit_reached', 'The number is verified already');
    }
    const debt = await this.buckets.take(`codes:${tenant.clientId}:${id}`, CODES);
    refuseIfOver(debt, CODES, 'Too many codes for this number');
    await this.codes.ask(tenant, id);
    return address;
  }

  /** An owner says so. @throws Refusal 404, or 422 where its provider knows for itself */
  async attest(by: MemberOf, id: string): Promise<AddressRow> {
    const { tenant } = by;
    await this.addresses.get(tenant, id);
    if (!(await this.changing(tenant, () => this.codes.attest(tenant, id), this.noting(by, id, 'attest')))) {
      throw new InvalidInput({ method: ['The method field must be sms: only numbers at smpp and http are attested.'] });
    }
    return this.addresses.get(tenant, id);
  }

  /** @throws Refusal 404, or 422 where it is not the code, or one of too many tries */
  async confirm(by: MemberOf, id: string, code: string): Promise<AddressRow> {
    const { tenant } = by;
    await this.addresses.get(tenant, id);
    if (!(await this.isRight(tenant, id, code, this.noting(by, id, 'sms')))) {
      throw new ReasonedRefusal('verification_failed', 'The code is wrong or has expired, or was tried too often');
    }
    return this.addresses.get(tenant, id);
  }

  /** Whether a text that came in at an unverified number is its code: only the number's own provider can hand it over. */
  async cameBack(tenant: Tenant, id: string, body: string): Promise<boolean> {
    const [code] = /(?<!\d)\d{6}(?!\d)/.exec(body) ?? [];
    return code !== undefined && (await this.isRight(tenant, id, code));
  }

  private isRight(tenant: Tenant, id: string, code: string, note?: () => Promise<void>): Promise<boolean> {
    return this.changing(tenant, () => this.codes.try(tenant, id, digestOf(tenant, id, code)), note);
  }

  /** A try counts whatever comes of it: only what verified the number is noted, in the same transaction. */
  private changing(tenant: Tenant, verify: () => Promise<boolean>, note?: () => Promise<void>): Promise<boolean> {
    return this.addresses.changing(tenant, async () => {
      const isVerified = await verify();
      if (isVerified) {
        await note?.();
      }
      return isVerified;
    });
  }

  private noting(by: MemberOf, id: string, method: 'sms' | 'attest'): () => Promise<void> {
    const told = { subject: formatId('phone_number', id), details: { method } };
    return () =>
      this.audit.during(
        by,
        'number.verified',
        () => Promise.resolve(),
        () => told,
      );
  }
}
