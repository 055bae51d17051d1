import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { ContactFilters } from './contact-list.sql.js';
import { ContactsRepository, type ContactRow } from './contacts.repository.js';
import { guarded, joined } from './csv-cells.js';

/** Contacts that are read at once. */
const BATCH = 500;

const COLUMNS = [
  ...['First Name', 'Last Name', 'Email', 'Phone', 'Company', 'Job Title', 'City', 'Country', 'Timezone'],
  ...['Lead Score', 'Status', 'Tags', 'Created At'],
];

/** All contacts as a table, for spreadsheets and for other systems. */
@Injectable()
export class ContactExportsService {
  constructor(private readonly contacts: ContactsRepository) {}

  /** CSV, some contacts at a time, in the order of their numbers: no more is read than whoever reads it takes. */
  async *csv(tenant: Tenant, filters: ContactFilters): AsyncGenerator<string, void, void> {
    let head = lines([COLUMNS]);
    let after = 0;
    for (;;) {
      const rows = await this.contacts.findAfter(tenant, filters, after, BATCH);
      yield head + lines(rows.map(cellsOf));
      if (rows.length < BATCH) {
        return;
      }
      head = '';
      after = rows.at(-1)!.number;
    }
  }
}

function lines(rows: readonly (readonly string[])[]): string {
  // Some programs end a line where a cell has a lone carriage return.
  return stringify(rows as string[][], { record_delimiter: '\n', quoted_match: /[\r\n]/ });
}

function cellsOf(row: ContactRow): string[] {
  const { firstName, lastName, email, phone, company, jobTitle, city, country, timezone, leadScore, status } = row;
  const texts = [firstName, lastName, email, phone, company, jobTitle, city, country, timezone];
  return [
    ...texts.map((text) => guarded(text ?? '')),
    ...[String(leadScore), status, guarded(joined(row.tags.map(({ name }) => name))), row.createdAt.toISOString()],
  ];
}
