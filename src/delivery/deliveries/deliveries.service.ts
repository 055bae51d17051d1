import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import type { StatusReport } from '../providers/provider.js';
import { DeliveriesRepository } from './deliveries.repository.js';

/** What providers say of the messages that they took. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly optOuts: OptOutsService,
  ) {}

  /** In whatever order, and however often, it is told: a status only rises. Nothing happens where there is no such delivery. */
  async report(tenant: Tenant, id: string, { status, ...told }: StatusReport): Promise<void> {
    const end = await this.deliveries.move(tenant, id, status, { ...told, reported: true });
    if (end?.moved && told.errorCode === 'recipient_opted_out' && end.to !== null) {
      const { addressId, personId, to } = end;
      await this.optOuts.begin(tenant, { addressId, personId, number: to, source: 'provider', keyword: null });
    }
  }
}
