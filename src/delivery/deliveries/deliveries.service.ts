import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import type { StatusReport } from '../providers/provider.js';
import { DeliveriesRepository, type Moved } from './deliveries.repository.js';

/** What providers say of the messages that they took. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly optOuts: OptOutsService,
  ) {}

  /**
   * When it goes out and until when, in the transaction that made it.
   * @param sendAt null: now
   * @param validitySeconds how long after that it is of use; null: as long as by default
   */
  schedule(tenant: Tenant, id: string, sendAt: Date | null, validitySeconds: number | null): Promise<void> {
    return this.deliveries.schedule(tenant, id, sendAt, validitySeconds);
  }

  /** Whether it never goes out: no provider has been called for it. */
  async cancel(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.deliveries.cancel(tenant, id))?.status === 'canceled';
  }

  /** In whatever order, and however often, it is told: a status only rises. Nothing happens where there is no such delivery. */
  async report(tenant: Tenant, id: string, report: StatusReport): Promise<void> {
    const { status, ...told } = report;
    await this.follow(tenant, report, await this.deliveries.move(tenant, id, status, { ...told, reported: true }));
  }

  /**
   * The same, as a provider tells it of what it took.
   * @param provider the account, as deliveries name it
   * @param id null: the provider names it by its own id alone
   * @returns false where it took no such message
   */
  async reportFrom(tenant: Tenant, provider: string, id: string | null, report: StatusReport): Promise<boolean> {
    const { status, ...told } = report;
    const end = await this.deliveries.moveOf(tenant, provider, id, status, { ...told, reported: true });
    await this.follow(tenant, report, end);
    return end !== null;
  }

  /** Those of `ids` that account `provider` has told of already. */
  findTold(tenant: Tenant, provider: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.deliveries.findTold(tenant, provider, ids);
  }

  private async follow(tenant: Tenant, told: StatusReport, end: Moved | null): Promise<void> {
    if (end?.moved && told.errorCode === 'recipient_opted_out' && end.to !== null) {
      const { addressId, personId, to } = end;
      await this.optOuts.begin(tenant, { addressId, personId, number: to, source: 'provider', keyword: null });
    }
  }
}
