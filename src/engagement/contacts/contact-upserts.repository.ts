import { Injectable } from '@nestjs/common';
import type { CustomerProfile } from '../../customers/customer.entity.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import * as SQL from './contact-upserts.sql.js';
import type { ContactFields } from './contacts.repository.js';

/** Somebody who has an e-mail that is looked for. */
export interface KnownPerson extends ContactFields {
  readonly id: string;
  /** Of the contact; null where this is no person. */
  readonly number: number | null;
  readonly email: string;
  readonly name: string;
  readonly profile: CustomerProfile | null;
  readonly customerPhone: string | null;
}

export interface WrittenPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly profile: CustomerProfile | null;
  /** In international format; null: the customer's stays. */
  readonly number: string | null;
  readonly fields: ContactFields;
}

@Injectable()
export class ContactUpsertsRepository extends TenantRepository {
  constructor(private readonly unit: Database) {
    super(unit);
  }

  /** Runs `work` in one transaction until it comes to something; what came to nothing is undone, and holds nothing. */
  inTransaction<T>(tenant: Tenant, work: () => Promise<T | null>, tries: number): Promise<T | null> {
    return this.transaction(tenant, async () => {
      await this.unit.planAnew();
      for (let round = 1; round <= tries; round += 1) {
        const end = await this.unit.rollbackUnless(work, (one) => one !== null);
        if (end !== null) {
          return end;
        }
      }
      return null;
    });
  }

  /**
   * Whoever is known by these e-mails, by which `email` says, and stays as it is until the commit. Null where who was waited for
   * was merged into somebody who is not held: to hold more now would be out of order, and others might wait for each other.
   */
  async hold(tenant: Tenant, emails: readonly string[]): Promise<KnownPerson[] | null> {
    const held = new Set((await this.rows<{ id: string }>(tenant, SQL.HOLD, emails)).map(({ id }) => id));
    const found = await this.rows<KnownPerson & { isFormer: boolean } & Record<string, unknown>>(
      tenant,
      SQL.FIND,
      emails,
    );
    return found.every(({ id, isFormer }) => !isFormer || held.has(id)) ? found : null;
  }

  async findOwn(tenant: Tenant, emails: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.rows<{ email: string }>(tenant, SQL.FIND_OWN, emails);
    return new Set(rows.map(({ email }) => email));
  }

  /** @returns how many were made: of the others somebody has the e-mail or, since a moment, the phone, or was just merged with who had it */
  async create(tenant: Tenant, people: readonly WrittenPerson[]): Promise<number> {
    if (people.length === 0) {
      return 0;
    }
    const made = await this.rowsUnlessTaken(tenant, SQL.CREATE, JSON.stringify(people.map(customerOf)));
    return made === 'taken' ? 0 : made.length;
  }

  async update(tenant: Tenant, people: readonly WrittenPerson[]): Promise<void> {
    await this.rows(tenant, SQL.UPDATE, JSON.stringify(people.map(contactOf)));
  }

  async updateCustomers(tenant: Tenant, people: readonly WrittenPerson[]): Promise<void> {
    const isTaken = await this.rowUnlessTaken(tenant, SQL.UPDATE_CUSTOMERS, JSON.stringify(people.map(customerOf)));
    if (isTaken === 'taken') {
      // Another took a phone number at this moment.
      const without = people.map((one) => customerOf({ ...one, number: null }));
      await this.rows(tenant, SQL.UPDATE_CUSTOMERS, JSON.stringify(without));
    }
  }
}

function customerOf({ id, email, name, profile, number, fields }: WrittenPerson): object {
  const metadata = Object.keys(fields.customFields).length > 0 ? fields.customFields : null;
  return { id, email, name, profile, metadata, phone: number };
}

function contactOf({ id, fields }: WrittenPerson): object {
  return {
    ...{ id, first_name: fields.firstName, last_name: fields.lastName, phone: fields.phone, company: fields.company },
    ...{ job_title: fields.jobTitle, city: fields.city, country: fields.country, timezone: fields.timezone },
    ...{ lead_score: fields.leadScore, custom_fields: fields.customFields },
  };
}
