import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound, tooMany, unfit } from '../../platform/common/errors/refusal.js';
import { parseRef, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ContactListsService, DEFAULT_ORDER, type ContactPage } from '../contacts/contact-lists.service.js';
import { known, type NumberedItems, type NumberSlice } from '../number-slice.js';
import { TagsService } from '../tags/tags.service.js';
import { namesObjects } from './filter-fields.js';
import type { Condition, Filter, FilterValue } from './filter.js';
import { readFilter } from './read-filter.js';
import type { SegmentType } from './segment.entity.js';
import { SegmentsRepository, type SegmentRow } from './segments.repository.js';

export type { SegmentRow };

/** Of a workspace. */
export const MAX_SEGMENTS = 200;
const SAMPLE = 10;

export interface CountedSegment extends SegmentRow {
  readonly contactsCount: number;
}

export interface NewSegment {
  readonly name: string;
  readonly type: SegmentType;
  /** As it was sent. */
  readonly filter?: unknown;
}

/** Contacts that a filter finds, or that were put together by hand. */
@Injectable()
export class SegmentsService {
  constructor(
    private readonly segments: SegmentsRepository,
    private readonly lists: ContactListsService,
    private readonly tags: TagsService,
  ) {}

  /** @throws Refusal 422 */
  async create(tenant: Tenant, { name, type, filter }: NewSegment): Promise<CountedSegment> {
    if (type === 'static' && filter != null) {
      throw invalid('filter', 'A static segment has no filter.');
    }
    const read = type === 'static' ? null : await this.filterOf(tenant, filter);
    const segment = await this.segments.insert(tenant, { id: uuidv7(), name, type, filter: read }, MAX_SEGMENTS);
    if (!segment) {
      throw tooMany('segments', MAX_SEGMENTS);
    }
    return this.counted(tenant, segment);
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<CountedSegment> {
    return this.counted(tenant, await this.existing(tenant, ref));
  }

  /** Uncounted; null where it is not there. */
  find(tenant: Tenant, ref: ObjectRef): Promise<SegmentRow | null> {
    return this.segments.find(tenant, ref);
  }

  /** By their numbers; those that a filter makes are not counted. @throws Refusal 422 on `after` */
  async list(tenant: Tenant, slice: NumberSlice): Promise<NumberedItems<SegmentRow>> {
    return this.segments.list(tenant, await known(slice, (ref) => this.segments.find(tenant, ref)));
  }

  /** @throws Refusal 404 or 422 */
  async update(
    tenant: Tenant,
    ref: ObjectRef,
    { name, filter }: { readonly name?: string | null; readonly filter?: unknown },
  ): Promise<CountedSegment> {
    const { type } = await this.existing(tenant, ref);
    if (type === 'static' && filter != null) {
      throw invalid('filter', 'A static segment has no filter.');
    }
    const read = filter == null ? null : await this.filterOf(tenant, filter);
    const segment = await this.segments.update(tenant, ref, { name: name ?? null, filter: read });
    if (!segment) {
      throw notFound('segment');
    }
    return this.counted(tenant, segment);
  }

  /** @throws Refusal 404, or 422 where a campaign needs it */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    if (await this.segments.isAudience(tenant, ref)) {
      throw unfit('A campaign that is not sent yet is for this segment.');
    }
    if (!(await this.segments.remove(tenant, ref))) {
      throw notFound('segment');
    }
  }

  /** Who is in it. @throws Refusal 404, or 422 on `after` */
  async contacts(tenant: Tenant, ref: ObjectRef, slice: NumberSlice): Promise<ContactPage> {
    const { direction, ...part } = slice;
    return this.lists.page(tenant, filtersOf(await this.existing(tenant, ref)), { ...DEFAULT_ORDER, direction }, part);
  }

  /** How many contacts a filter finds, and some of them. @throws Refusal 422 on `filter` */
  async preview(tenant: Tenant, given: unknown): Promise<ContactPage> {
    const filter = await this.filterOf(tenant, given);
    return this.lists.page(tenant, { filter }, DEFAULT_ORDER, { limit: SAMPLE, offset: 0, after: null });
  }

  /** One that was read: tags and segments by their numbers. @throws Refusal 422 on `path` */
  numbered(tenant: Tenant, filter: Filter, path: string): Promise<Filter> {
    return this.resolved(tenant, filter, path);
  }

  /** @returns how many were not in it @throws Refusal 404, or 422 on `contact_ids` */
  async add(tenant: Tenant, ref: ObjectRef, contacts: readonly ObjectRef[]): Promise<number> {
    const { id } = await this.findStatic(tenant, ref);
    return this.segments.addMembers(tenant, id, await this.lists.resolveIds(tenant, contacts, 'contact_ids'));
  }

  /** @throws Refusal 404, or 422 on `contact_ids` */
  async take(tenant: Tenant, ref: ObjectRef, contacts: readonly ObjectRef[]): Promise<void> {
    const { id } = await this.findStatic(tenant, ref);
    await this.segments.removeMembers(tenant, id, await this.lists.resolveIds(tenant, contacts, 'contact_ids'));
  }

  private async existing(tenant: Tenant, ref: ObjectRef): Promise<SegmentRow> {
    const segment = await this.segments.find(tenant, ref);
    if (!segment) {
      throw notFound('segment');
    }
    return segment;
  }

  private async findStatic(tenant: Tenant, ref: ObjectRef): Promise<SegmentRow> {
    const segment = await this.existing(tenant, ref);
    if (segment.type !== 'static') {
      throw invalid('contact_ids', 'Who is in this segment is for its filter to say.');
    }
    return segment;
  }

  private async counted(tenant: Tenant, segment: SegmentRow): Promise<CountedSegment> {
    const contactsCount = segment.membersCount ?? (await this.lists.count(tenant, filtersOf(segment)));
    return { ...segment, contactsCount };
  }

  /** As it is stored: tags, segments and campaigns by their numbers. @throws Refusal 422 on `filter` */
  async filterOf(tenant: Tenant, given: unknown): Promise<Filter> {
    return this.resolved(tenant, readFilter(given), 'filter');
  }

  private async resolved(tenant: Tenant, filter: Filter, path: string): Promise<Filter> {
    if ('not' in filter) {
      return { not: await this.resolved(tenant, filter.not, `${path}.not`) };
    }
    if (!('all' in filter) && !('any' in filter)) {
      const kind = namesObjects(filter);
      return kind === null ? filter : this.withNumbers(tenant, filter, kind, path);
    }
    const [kind, inner] = 'all' in filter ? (['all', filter.all] as const) : (['any', filter.any] as const);
    const filters: Filter[] = [];
    for (const [at, one] of inner.entries()) {
      filters.push(await this.resolved(tenant, one, `${path}.${kind}.${at}`));
    }
    return kind === 'all' ? { all: filters } : { any: filters };
  }

  private async withNumbers(
    tenant: Tenant,
    condition: Condition,
    kind: 'tag' | 'segment' | 'campaign',
    path: string,
  ): Promise<Condition> {
    const refs = (condition.value as readonly FilterValue[]).map((one) => parseRef(null, String(one))!);
    const found = await {
      tag: () => this.tags.findMany(tenant, refs),
      segment: () => this.segments.findStatic(tenant, refs),
      campaign: () => this.segments.findCampaigns(tenant, refs),
    }[kind]();
    const numbers = refs.map((ref, at) => {
      const one = found.find(({ id, number }) => id === ref || number === ref);
      if (!one) {
        throw invalid(`${path}.value.${at}`, `The selected ${path}.value.${at} is invalid.`);
      }
      return one.number;
    });
    return { ...condition, value: [...new Set(numbers)] };
  }
}

function filtersOf({ id, filter }: SegmentRow) {
  return filter ? { filter } : { segment: id };
}
