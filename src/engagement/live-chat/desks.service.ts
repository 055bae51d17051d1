import { Injectable } from '@nestjs/common';
import { CustomersService } from '../../customers/customers.service.js';
import { notFound, tooMany } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { known, type NumberedItems, type NumberSlice } from '../number-slice.js';
import { DesksRepository, type DeskRow } from './desks.repository.js';

export type { DeskRow };

/** Of a workspace. */
export const MAX_DESKS = 100;

/** What is undefined stays; null takes the welcome away. */
export interface DeskChange {
  readonly name?: string | null;
  readonly externalId?: string | null;
  readonly welcome?: string | null;
}

/** What a workspace chats as. */
@Injectable()
export class DesksService {
  constructor(
    private readonly desks: DesksRepository,
    private readonly customers: CustomersService,
  ) {}

  /** @throws Refusal 422 on `external_id` */
  create(tenant: Tenant, { name, externalId, welcome }: DeskChange & { readonly name: string }): Promise<DeskRow> {
    return this.desks.inTransaction(tenant, async () => {
      const { id } = await this.customers.createAddress(tenant, name, externalId ?? null);
      if (!(await this.desks.insert(tenant, id, welcome ?? null, MAX_DESKS))) {
        throw tooMany('live chat desks', MAX_DESKS);
      }
      return this.get(tenant, id);
    });
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<DeskRow> {
    const desk = await this.desks.find(tenant, ref);
    if (!desk) {
      throw notFound('desk');
    }
    return desk;
  }

  /** By their numbers. @throws Refusal 422 on `after` */
  async list(tenant: Tenant, slice: NumberSlice): Promise<NumberedItems<DeskRow>> {
    return this.desks.list(tenant, await known(slice, (ref) => this.desks.find(tenant, ref)));
  }

  /** @throws Refusal 404, or 422 on `external_id` */
  async update(tenant: Tenant, ref: ObjectRef, { name, externalId, welcome }: DeskChange): Promise<DeskRow> {
    const { id } = await this.get(tenant, ref);
    await this.desks.inTransaction(tenant, async () => {
      if (name != null || externalId != null) {
        await this.customers.update(tenant, id, { name: name ?? null, externalId: externalId ?? null });
      }
      if (welcome !== undefined) {
        await this.desks.setWelcome(tenant, id, welcome);
      }
    });
    return this.get(tenant, id);
  }

  /** What was said with it stays. @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    const { id } = await this.get(tenant, ref);
    await this.desks.release(tenant, id);
  }
}
