import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { ConnectionRow } from '../carrier.js';
import type { InboundPart } from './smpp-inbound.js';
import { HOLD, TAKE_PART } from './smpp.sql.js';

/** An SMPP provider that this process is to be bound to. */
export type HeldProvider = ConnectionRow & Tenant;

/** A message of which every part is there. */
export interface WholeText {
  /** The same, however often it is handed over. */
  readonly id: string;
  readonly body: string;
}

/** Who is bound to which provider, and what phones have sent in parts. */
@Injectable()
export class SmppRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  /** All that the process holds, and up to `most` more. */
  hold(replicaId: string, most: number): Promise<HeldProvider[]> {
    return this.all.acrossTenants<HeldProvider & Record<string, unknown>>(HOLD, [replicaId, most]);
  }

  /** Null while parts are missing. @param sessionId the connection that brought it */
  async take(tenant: Tenant, providerId: string, sessionId: string, inbound: InboundPart): Promise<WholeText | null> {
    const { text, part } = inbound;
    const { total, number } = part ?? { total: 1, number: 1 };
    const bytes = Buffer.from(text, 'utf16le').toString('base64');
    const values = [keyOf(inbound), uuidv7(), total, String(number), bytes, sessionId];
    const row = await this.row<{ id: string; parts: Readonly<Record<string, string>> }>(
      tenant,
      TAKE_PART,
      providerId,
      ...values,
    );
    const { id, parts } = row!;
    const numbers = Array.from({ length: total }, (_, at) => String(at + 1));
    return numbers.every((one) => one in parts)
      ? { id, body: Buffer.concat(numbers.map((one) => Buffer.from(parts[one]!, 'base64'))).toString('utf16le') }
      : null;
  }
}

/** Parts of one message have one key; so has a message that is given again. */
function keyOf({ from, to, text, part }: InboundPart): Buffer {
  const known = part ? [from, to, part.reference, part.total] : [from, to, text];
  return createHash('sha256').update(JSON.stringify(known)).digest();
}
