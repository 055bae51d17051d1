import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { alreadyExists, InvalidInput, notFound, tooMany } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import type { Slice, Sliced } from '../../platform/database/numbered-list.js';
import { refuseTooLong } from '../deliveries/segments.js';
import { inInternationalFormat } from '../texts/phone-number.js';
import { TemplatesRepository, type TemplateRow } from './templates.repository.js';
import { fillIn, variablesIn } from './variables.js';

export type { TemplateRow };

export const MAX_TEMPLATES = 1_000;

export interface TemplateChange {
  readonly name?: string | null;
  readonly body?: string | null;
}

/** Texts that are sent often. */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly templates: TemplatesRepository,
    private readonly database: Database,
  ) {}

  /** @throws Refusal 409 where the name is taken or there are too many, or 422 on `body` */
  async create(tenant: Tenant, { name, body }: { readonly name: string; readonly body: string }): Promise<TemplateRow> {
    refuseUnreadable(body);
    return this.database.transaction(tenant, async () => {
      if ((await this.templates.count(tenant)) >= MAX_TEMPLATES) {
        throw tooMany('templates', MAX_TEMPLATES);
      }
      return unlessTaken(await this.templates.insert(tenant, { id: uuidv7(), name, body }));
    });
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string): Promise<TemplateRow> {
    return found(await this.templates.find(tenant, id));
  }

  /** The newest first. */
  list(tenant: Tenant, slice: Slice): Promise<Sliced<TemplateRow>> {
    return this.templates.list(tenant, slice);
  }

  /** What is scheduled already says what it said. @throws Refusal 404, 409 where the name is taken, or 422 on `body` */
  async update(tenant: Tenant, id: string, change: TemplateChange): Promise<TemplateRow> {
    if (change.body) {
      refuseUnreadable(change.body);
    }
    return found(unlessTaken(await this.templates.update(tenant, id, change)));
  }

  /** @throws Refusal 404 */
  async delete(tenant: Tenant, id: string): Promise<TemplateRow> {
    return found(await this.templates.delete(tenant, id));
  }

  /**
   * What it says to whoever has `number`. Of a person, `name` and `phone` are known where nobody gives them.
   * @throws Refusal 404, or InvalidInput on each variable that has no value
   */
  async fill(tenant: Tenant, id: string, given: Readonly<Record<string, string>>, number: string): Promise<string> {
    const { body, personName } = found(await this.templates.findFor(tenant, id, number));
    const values = new Map([['phone', number], ...Object.entries(given)]);
    // Whoever is known by the number alone is called by it.
    if (personName !== null && personName !== inInternationalFormat(number) && !values.has('name')) {
      values.set('name', personName);
    }
    const missing = variablesIn(body)!.filter((name) => !values.has(name));
    if (missing.length > 0) {
      throw new InvalidInput(
        Object.fromEntries(missing.map((name) => [`variables.${name}`, [`The variables.${name} field is required.`]])),
      );
    }
    return fillIn(body, values);
  }
}

/** @throws Refusal 422 */
function refuseUnreadable(body: string): void {
  refuseTooLong(body);
  if (variablesIn(body) === null) {
    throw new InvalidInput({
      body: ['The body field must name each variable by letters, digits and underscores in double braces: {{name}}.'],
    });
  }
}

function unlessTaken<T>(row: T | 'taken'): T {
  if (row === 'taken') {
    throw alreadyExists('There is a template of this name already');
  }
  return row;
}

function found<T>(template: T | null): T {
  if (template === null) {
    throw notFound('template');
  }
  return template;
}
