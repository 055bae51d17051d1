import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { FilePart } from '../media/media.repository.js';
import type { PendingMessage } from '../worker/delivery-job.entity.js';
import { carrierIn, type Carrier, type ConnectionRow } from '../providers/carrier.js';
import type { StatusReport } from '../providers/provider.js';
import { leavesFor, type DeliveryStatus } from './delivery-status.js';
import {
  ACCEPT_TOGETHER,
  ALLOW,
  ANNOUNCE,
  BEGIN_AUTOMATIC,
  COMPLETE,
  EXPECT_MEDIA,
  FIND_SAID,
  FIND_TOLD,
  MOVE,
  MOVE_AND_POLL,
  MOVE_OF,
  RECEIVE,
  REPLIED_LATELY,
  SCHEDULE,
  SUBMIT,
  SUBMIT_TOGETHER,
} from './deliveries.sql.js';
import { bodyToSend, type Stored } from './smart-encoding.js';

/** What is known of a delivery besides its status; what is absent stays as it is. */
export interface Told extends Omit<Partial<StatusReport>, 'status'> {
  /** Whether the provider says it: then an outcome that was unknown is known after all. */
  readonly reported?: true;
  readonly computedSegments?: number;
  readonly encoding?: string;
}

/** A delivery after a move. */
export interface Moved {
  readonly status: DeliveryStatus;
  readonly moved: boolean;
  readonly channelId: string;
  readonly addressId: string;
  readonly personId: string | null;
  readonly to: string | null;
}

export interface Submitted {
  /** `go`: this call and no other is to be made. */
  readonly answer: 'go' | 'unknown' | 'ended' | 'gone';
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly files: readonly FilePart[];
  readonly attempts: number;
  /** Whom to call; null where nobody is called, or it was set at this very moment. */
  readonly provider: ConnectionRow | null;
}

/** What a provider took. */
export interface Acceptance extends Polled {
  readonly status: 'sending' | 'sent';
  readonly providerMessageId: string;
  readonly computedSegments: number;
  readonly encoding: string;
  /** Seconds until it is asked what became of it; null: never. */
  readonly pollAfter: number | null;
}

/** A delivery whose provider is to be asked about it, where its job was. */
export interface Polled {
  readonly id: string;
  readonly channelId: string;
  readonly position: number;
}

type SubmittedRow = Omit<Submitted, 'provider'> & Stored & Carrier & Record<string, unknown>;

/** Where an inbound message belongs; the person is null once it was erased. */
export interface Said {
  readonly channelId: string;
  readonly personId: string | null;
}

/** A message that came in. */
export interface Received {
  readonly id: string;
  readonly channelId: string;
  readonly addressId: string;
  readonly personId: string;
  readonly from: string;
  readonly to: string;
  readonly providerId: string;
  readonly providerMessageId: string;
  readonly provider: string;
  readonly segments: number;
  readonly encoding: string;
  readonly mediaCount: number;
  /** `receiving`: not all its files are here. */
  readonly status: 'received' | 'receiving';
}

@Injectable()
export class DeliveriesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where there is no such delivery. */
  async submit(tenant: Tenant, id: string, attempt: number): Promise<Submitted | null> {
    const row = await this.row<SubmittedRow>(tenant, SUBMIT, id, attempt);
    return row ? submittedOf(row) : null;
  }

  /** Those that nothing is the matter with, by their ids: each is to be called for at once. The others are as they were. */
  async submitTogether(
    tenant: Tenant,
    jobs: readonly { readonly id: string; readonly attempts: number }[],
  ): Promise<ReadonlyMap<string, Submitted>> {
    const values = [jobs.map(({ id }) => id), jobs.map(({ attempts }) => attempts)];
    const rows = await this.rows<SubmittedRow & { readonly id: string }>(tenant, SUBMIT_TOGETHER, ...values);
    return new Map(rows.map((row) => [row.id, submittedOf(row)]));
  }

  /** Null where there is no such delivery. */
  async move(tenant: Tenant, id: string, to: DeliveryStatus, told: Told): Promise<Moved | null> {
    const values = [id, to, leavesFor(to), JSON.stringify(told)];
    return (await this.row<Moved & Record<string, unknown>>(tenant, MOVE, ...values)) ?? null;
  }

  /** A provider has it, and is asked what became of it: one fact, whatever becomes of this process. */
  async accept(tenant: Tenant, accepted: Acceptance): Promise<void> {
    const { id, channelId, position, status, pollAfter, providerMessageId, computedSegments, encoding } = accepted;
    const told = { providerMessageId, computedSegments, encoding };
    if (pollAfter === null) {
      await this.move(tenant, id, status, told);
      return;
    }
    const values = [id, status, leavesFor(status), JSON.stringify(told), channelId, position, pollAfter];
    await this.row(tenant, MOVE_AND_POLL, ...values);
  }

  /** The same of those of which nothing else is known yet and which nobody holds, by their ids. The others are as they were. */
  async acceptTogether(tenant: Tenant, those: readonly Acceptance[]): Promise<ReadonlySet<string>> {
    const rows = await this.rowsUnlessTaken<{ id: string }>(
      tenant,
      ACCEPT_TOGETHER,
      those.map(({ id }) => id),
      JSON.stringify(those),
    );
    return new Set(rows === 'taken' ? [] : rows.map(({ id }) => id));
  }

  /** The same at once, of a message of which no answer came. Answers whether what its provider calls it was nobody else's. */
  async adopt(tenant: Tenant, { id, channelId, position }: Polled, providerMessageId: string): Promise<boolean> {
    const told = JSON.stringify({ providerMessageId });
    const values = [id, 'sending', leavesFor('sending'), told, channelId, position, 0];
    return (await this.rowUnlessTaken(tenant, MOVE_AND_POLL, ...values)) !== 'taken';
  }

  /** The same of what account `provider` took, by its own name where `id` is null. */
  async moveOf(
    tenant: Tenant,
    provider: string,
    id: string | null,
    to: DeliveryStatus,
    told: Told,
  ): Promise<Moved | null> {
    const values = [provider, id, told.providerMessageId ?? null, to, leavesFor(to), JSON.stringify(told)];
    const moved = await this.rowUnlessTaken<Moved & Record<string, unknown>>(tenant, MOVE_OF, ...values);
    // Another delivery has the provider's id: this is none of it.
    return moved === undefined || moved === 'taken' ? null : moved;
  }

  /** Where no provider was called for it yet. Null where there is no such delivery. */
  async cancel(tenant: Tenant, id: string): Promise<Moved | null> {
    const values = [id, 'canceled', ['scheduled', 'queued'], JSON.stringify({ errorCode: 'canceled' })];
    return (await this.row<Moved & Record<string, unknown>>(tenant, MOVE, ...values)) ?? null;
  }

  /** Whether it is new. */
  async receive(tenant: Tenant, one: Received): Promise<boolean> {
    const { id, channelId, addressId, personId, from, to, providerId, providerMessageId, provider } = one;
    const values = [id, channelId, addressId, personId, from, to, providerId, providerMessageId, provider];
    const more = [one.segments, one.encoding, one.mediaCount, one.status];
    return (await this.row(tenant, RECEIVE, ...values, ...more)) !== undefined;
  }

  /** Those of `ids` that account `provider` has told of already. */
  async findTold(tenant: Tenant, provider: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.rows<{ id: string }>(tenant, FIND_TOLD, provider, ids);
    return new Set(rows.map(({ id }) => id));
  }

  /** Of one that is `receiving`. */
  async expectMedia(tenant: Tenant, id: string, channelId: string, message: PendingMessage): Promise<void> {
    await this.row(tenant, EXPECT_MEDIA, id, channelId, JSON.stringify(message));
  }

  /** Once: what is complete stays as it is. */
  async complete(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, COMPLETE, id);
  }

  /** Null where there is no such delivery. */
  async findSaid(tenant: Tenant, id: string): Promise<Said | null> {
    return (await this.row<Said & Record<string, unknown>>(tenant, FIND_SAID, id)) ?? null;
  }

  async announce(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, ANNOUNCE, id);
  }

  /** What is said from now on is said by nobody, in this transaction, until it is allowed. */
  async beginAutomatic(tenant: Tenant): Promise<void> {
    await this.row(tenant, BEGIN_AUTOMATIC);
  }

  async allow(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, ALLOW, id);
  }

  /** In the transaction that made it. */
  async schedule(tenant: Tenant, id: string, sendAt: Date | null, validitySeconds: number | null): Promise<void> {
    await this.row(tenant, SCHEDULE, id, sendAt, validitySeconds);
  }

  async repliedLately(tenant: Tenant, addressId: string, channelId: string): Promise<boolean> {
    return (await this.row(tenant, REPLIED_LATELY, addressId, channelId)) !== undefined;
  }
}

function submittedOf(row: SubmittedRow): Submitted {
  return { ...row, body: bodyToSend(row), provider: carrierIn(row) };
}
