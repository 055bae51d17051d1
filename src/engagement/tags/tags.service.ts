import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound, tooMany } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { known, type NumberedItems, type NumberSlice } from '../number-slice.js';
import { literally, searchable } from '../contacts/searchable.js';
import { TagsRepository, type TagRow } from './tags.repository.js';

export type { TagRow };

/** Of a workspace. */
export const MAX_TAGS = 10_000;
/** So that no transaction holds its locks for long. */
const BATCH = 1_000;
const COLOR = '#6b7280';

/** The words that contacts are marked with. */
@Injectable()
export class TagsService {
  constructor(private readonly tags: TagsRepository) {}

  /** @throws Refusal 422 on `name` */
  async create(
    tenant: Tenant,
    { name, color }: { readonly name: string; readonly color?: string | null },
  ): Promise<TagRow> {
    const tag = await this.tags.insert(tenant, { id: uuidv7(), name, color: color ?? COLOR }, MAX_TAGS);
    if (tag === undefined) {
      throw tooMany('tags', MAX_TAGS);
    }
    return unlessTaken(tag);
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<TagRow> {
    const tag = await this.tags.find(tenant, ref);
    if (!tag) {
      throw notFound('tag');
    }
    return tag;
  }

  /** Those that are there, each once. */
  async findMany(tenant: Tenant, refs: readonly ObjectRef[]): Promise<readonly TagRow[]> {
    return refs.length === 0 ? [] : this.tags.findMany(tenant, refs);
  }

  /**
   * The ids of these tags.
   * @param field what it is called in refusals
   * @throws Refusal 422 on the first that is not there: `tag_ids.1`
   */
  async resolve(tenant: Tenant, refs: readonly ObjectRef[], field: string): Promise<string[]> {
    const found = await this.findMany(tenant, refs);
    const missing = refs.findIndex((ref) => !found.some(({ id, number }) => id === ref || number === ref));
    if (missing >= 0) {
      throw invalid(`${field}.${missing}`, `The selected ${field}.${missing} is invalid.`);
    }
    return found.map(({ id }) => id);
  }

  /** By their numbers. @throws Refusal 422 on `after` */
  async list(tenant: Tenant, slice: NumberSlice, search: string | null): Promise<NumberedItems<TagRow>> {
    const part = await known(slice, (ref) => this.tags.find(tenant, ref));
    return this.tags.list(tenant, part, search === null ? null : `%${literally(searchable(search))}%`);
  }

  /** @throws Refusal 404, or 422 on `name` */
  async update(
    tenant: Tenant,
    ref: ObjectRef,
    { name, color }: { readonly name?: string | null; readonly color?: string | null },
  ): Promise<TagRow> {
    const tag = await this.tags.update(tenant, ref, { name: name ?? null, color: color ?? null });
    if (tag === undefined) {
      throw notFound('tag');
    }
    return unlessTaken(tag);
  }

  /** By their names, in any case; those that are not there are made. @throws Refusal 422 where there are too many */
  async idsOfNames(tenant: Tenant, names: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
    const found = new Map(names.size === 0 ? [] : await this.tags.findByNames(tenant, [...names]));
    for (const name of names) {
      while (!found.has(name)) {
        const made = await this.tags.insert(tenant, { id: uuidv7(), name, color: COLOR }, MAX_TAGS);
        if (made === undefined) {
          throw tooMany('tags', MAX_TAGS);
        }
        // Taken: by another spelling of the same name, or at this moment.
        const { id } = made === 'taken' ? { id: (await this.tags.findByNames(tenant, [name])).get(name) } : made;
        if (id !== undefined) {
          found.set(name, id);
        }
      }
    }
    return found;
  }

  /** All of these contacts lose some tags, then get others. Within a transaction. @returns those that changed */
  async change(
    tenant: Tenant,
    contactIds: readonly string[],
    { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
  ): Promise<ReadonlySet<string>> {
    if (add.length + remove.length === 0) {
      return new Set();
    }
    await this.tags.hold(tenant, null, [...add, ...remove]);
    const kept = remove.filter((id) => !add.includes(id));
    const untagged = await this.tags.untag(tenant, contactIds, kept);
    return new Set([...untagged, ...(await this.tags.tag(tenant, contactIds, add))]);
  }

  /** These contacts get these tags, besides those they have. Within a transaction. */
  async mark(tenant: Tenant, marks: readonly { readonly contactId: string; readonly tagId: string }[]): Promise<void> {
    if (marks.length > 0) {
      await this.tags.mark(tenant, marks);
    }
  }

  /** Untags its contacts some at a time, then goes. @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    const { id } = await this.get(tenant, ref);
    let untagged = BATCH;
    while (untagged === BATCH) {
      untagged = await this.tags.untagSome(tenant, id, BATCH);
    }
    await this.tags.remove(tenant, id);
  }

  /** These and no others. Within a transaction. */
  async replace(tenant: Tenant, contactId: string, tagIds: readonly string[]): Promise<void> {
    await this.tags.hold(tenant, contactId, tagIds);
    await this.tags.untagOthers(tenant, contactId, tagIds);
    await this.tags.tag(tenant, [contactId], tagIds);
  }
}

function unlessTaken(tag: TagRow | 'taken'): TagRow {
  if (tag === 'taken') {
    throw invalid('name', 'The name has already been taken.');
  }
  return tag;
}
