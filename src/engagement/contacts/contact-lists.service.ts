import { Injectable } from '@nestjs/common';
import { InvalidInput, invalid } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CountsGate } from '../counts-gate.js';
import { areFew } from '../few.js';
import { SegmentsRepository } from '../segments/segments.repository.js';
import { TagsService } from '../tags/tags.service.js';
import type { ContactFilters } from './contact-list.sql.js';
import { ContactsRepository, type ContactOrder, type ContactRow } from './contacts.repository.js';

export type { ContactFilters, ContactOrder };

/** What of the contacts is asked for: `limit` of them, after `offset` of them or after one of them. */
export interface ContactSlice {
  readonly limit: number;
  readonly offset: number;
  readonly after: ObjectRef | null;
}

interface ContactKey {
  readonly id: string;
  readonly number: number;
}

export interface ContactPage {
  readonly items: readonly ContactRow[];
  readonly total: number;
  /** Whether more of them follow. */
  readonly hasMore: boolean;
}

/** As somebody asks: tag and segment by what names them. */
export interface ContactsQuery extends Omit<ContactFilters, 'tag' | 'segment' | 'filter'> {
  readonly tag?: ObjectRef | null;
  readonly segment?: ObjectRef | null;
}

export const DEFAULT_ORDER: ContactOrder = { sort: 'created_at', direction: 'desc' };

/** Contacts, many at a time. */
@Injectable()
export class ContactListsService {
  constructor(
    private readonly contacts: ContactsRepository,
    private readonly tags: TagsService,
    private readonly segments: SegmentsRepository,
    private readonly counts: CountsGate,
  ) {}

  /** @throws Refusal 422 on `tag_id`, `segment_id` or `after`; 503 where it would take too long */
  async list(tenant: Tenant, query: ContactsQuery, order: ContactOrder, slice: ContactSlice): Promise<ContactPage> {
    return this.page(tenant, await this.resolve(tenant, query), order, slice);
  }

  /** The filters that a query comes to. @throws Refusal 422 on `tag_id` or `segment_id` */
  async resolve(tenant: Tenant, { tag, segment, ...filters }: ContactsQuery): Promise<ContactFilters> {
    const [marked] = tag == null ? [] : await this.tags.findMany(tenant, [tag]);
    if (tag != null && !marked) {
      throw unknown('tag_id');
    }
    const found = segment == null ? null : await this.segments.find(tenant, segment);
    if (segment != null && !found) {
      throw unknown('segment_id');
    }
    return {
      ...filters,
      ...(marked ? { tag: marked.id } : {}),
      ...(found?.filter ? { filter: found.filter } : found ? { segment: found.id } : {}),
    };
  }

  async page(tenant: Tenant, filters: ContactFilters, order: ContactOrder, slice: ContactSlice): Promise<ContactPage> {
    const { limit, offset } = slice;
    const after = slice.after === null ? null : await this.numberOf(tenant, slice.after);
    const total = await this.count(tenant, filters);
    if (after === null && offset >= total) {
      return { items: [], total, hasMore: false };
    }
    const found = await this.contacts.findSlice(tenant, filters, {
      ...{ ...order, offset, after, limit },
      areFew: areFew(total, filters),
    });
    return { ...found, total };
  }

  /** Those of these ids that are there. */
  async findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly ContactRow[]> {
    return ids.length === 0 ? [] : this.contacts.findMany(tenant, ids);
  }

  /** By their numbers, behind one of them. */
  after(tenant: Tenant, filters: ContactFilters, number: number, limit: number): Promise<readonly ContactRow[]> {
    return this.contacts.findAfter(tenant, filters, number, limit);
  }

  /** Exactly: what counters know is not counted. */
  async count(tenant: Tenant, filters: ContactFilters): Promise<number> {
    const { status = null, tag = null, ...others } = filters;
    const isAlone = Object.values(others).every((one) => one == null);
    if (isAlone && tag === null) {
      return this.contacts.countByStatus(tenant, status);
    }
    if (isAlone && status === null && tag !== null) {
      return (await this.tags.findMany(tenant, [tag]))[0]?.contactsCount ?? 0;
    }
    return this.counts.during(tenant, () => this.contacts.count(tenant, filters));
  }

  /** Null: there is none. */
  async findId(tenant: Tenant, ref: ObjectRef): Promise<string | null> {
    return (await this.contacts.findIds(tenant, [ref]))[0]?.id ?? null;
  }

  /**
   * The ids of these contacts.
   * @throws Refusal 422 on the first that is not there: `contact_ids.1`
   */
  async resolveIds(tenant: Tenant, refs: readonly ObjectRef[], field: string): Promise<string[]> {
    return (await this.resolveEach(tenant, refs, field)).map(({ id }) => id);
  }

  /** The numbers of these contacts. @throws Refusal 422 on the first that is not there */
  async resolveNumbers(tenant: Tenant, refs: readonly ObjectRef[], field: string): Promise<number[]> {
    return (await this.resolveEach(tenant, refs, field)).map(({ number }) => number);
  }

  /** Each once. */
  private async resolveEach(tenant: Tenant, refs: readonly ObjectRef[], field: string): Promise<ContactKey[]> {
    const found = await this.contacts.findIds(tenant, refs);
    const known = new Map<ObjectRef, ContactKey>(
      found.flatMap((one) => [[one.id, one] as const, [one.number, one] as const]),
    );
    const missing = refs.findIndex((ref) => !known.has(ref));
    if (missing >= 0) {
      throw unknown(`${field}.${missing}`);
    }
    return [...new Set(refs.map((ref) => known.get(ref)!))];
  }

  private async numberOf(tenant: Tenant, ref: ObjectRef): Promise<number> {
    const [found] = await this.contacts.findIds(tenant, [ref]);
    if (!found) {
      throw new InvalidInput({ after: ['The selected after is invalid.'] });
    }
    return found.number;
  }
}

function unknown(field: string) {
  return invalid(field, `The selected ${field} is invalid.`);
}
