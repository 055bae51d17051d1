import { Injectable } from '@nestjs/common';
import type { KeyedRequest } from '../../platform/common/idempotency/idempotency-ledger.js';
import { Database, type Holder } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { valuesOf, type MessageRow, type NewRow } from '../messages.repository.js';
import type { Outcome } from './lane.js';
import { SEND_MANY, SEND_MANY_BY_KEY, SEND_MANY_CLAIMING } from './sends.sql.js';

/** A message on its way, without files or a notification, of an id that it got here. */
export interface Send {
  readonly row: NewRow;
  readonly to: Target;
  /** The key that its request is to be known by from then on. */
  readonly claim?: KeyedRequest;
}

/** A channel and who is in it, or two who share a general one. */
export type Target =
  | { readonly channelId: string; readonly senderId: string; readonly keyId?: string | undefined }
  | { readonly senderEmail: string; readonly recipientEmail: string };

@Injectable()
export class SendsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async sendMany(tenant: Holder, sends: readonly Send[]): Promise<Outcome<MessageRow>[]> {
    const isPlain = sends.every(({ to, claim }) => 'channelId' in to && claim === undefined);
    const isKeyless = sends.every((send) => keyOf(send) === null);
    const [statement, values] = !isPlain
      ? ([SEND_MANY_CLAIMING, (send: Send) => [...plain(send), keyOf(send), ...further(send)]] as const)
      : isKeyless
        ? ([SEND_MANY, plain] as const)
        : ([SEND_MANY_BY_KEY, (send: Send) => [...plain(send), keyOf(send)]] as const);
    const columns = columnsOf(sends.map(values));
    const rows = await this.rows<MessageRow & { readonly isHeld: boolean }>(tenant, statement, ...columns);
    return rows.map(({ isHeld, ...row }) => (row.id === null ? (isHeld ? 'busy' : 'alone') : row));
  }
}

function plain({ row, to }: Send): unknown[] {
  return [...valuesOf(row), ...('channelId' in to ? [to.channelId, to.senderId] : [null, null])];
}

function keyOf({ to }: Send): string | null {
  return ('channelId' in to ? to.keyId : undefined) ?? null;
}

function further({ to, claim }: Send): unknown[] {
  const emails = 'channelId' in to ? [null, null] : [to.senderEmail, to.recipientEmail];
  return [...emails, claim?.key ?? null, claim?.fingerprint ?? null];
}

/** An array for each column. */
function columnsOf(rows: readonly unknown[][]): unknown[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]));
}
