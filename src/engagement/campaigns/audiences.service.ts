import { Injectable } from '@nestjs/common';
import { invalid } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ContactListsService } from '../contacts/contact-lists.service.js';
import { SegmentsService } from '../segments/segments.service.js';
import { TagsService } from '../tags/tags.service.js';
import type { Audience, AudienceType } from './campaign.entity.js';

/** Whom somebody wants to write to, by what names them. */
export interface AskedAudience {
  readonly type: AudienceType;
  /** Of a segment, and the field that says so. */
  readonly segment?: { readonly ref: ObjectRef; readonly field: string } | null;
  readonly tags?: readonly ObjectRef[] | null;
  /** As it was sent. */
  readonly filter?: unknown;
  readonly contacts?: readonly ObjectRef[] | null;
}

/** Whom campaigns are for. */
@Injectable()
export class AudiencesService {
  constructor(
    private readonly segments: SegmentsService,
    private readonly tags: TagsService,
    private readonly lists: ContactListsService,
  ) {}

  /** @throws Refusal 422 on what names nothing of this workspace */
  async resolve(tenant: Tenant, { type, segment, tags, filter, contacts }: AskedAudience): Promise<Audience> {
    switch (type) {
      case 'all':
        return { type };
      case 'segment':
      case 'list': {
        const { ref, field } = given('audience_id', segment);
        const found = await this.segments.find(tenant, ref);
        if (!found || (type === 'list' && found.type !== 'static')) {
          throw invalid(field, `The selected ${field} is invalid.`);
        }
        return { type, segment: found.number };
      }
      case 'tags': {
        const refs = given('tag_ids', tags);
        const found = await this.tags.findMany(tenant, refs);
        const missing = refs.findIndex((ref) => !found.some(({ id, number }) => id === ref || number === ref));
        if (missing >= 0 || refs.length === 0) {
          const field = refs.length === 0 ? 'tag_ids' : `tag_ids.${missing}`;
          throw invalid(field, `The selected ${field} is invalid.`);
        }
        return { type, tags: found.map(({ number }) => number) };
      }
      case 'filter':
        return { type, filter: await this.segments.filterOf(tenant, given('filter', filter)) };
      case 'contacts':
        return {
          type,
          contacts: await this.lists.resolveNumbers(tenant, given('contact_ids', contacts), 'contact_ids'),
        };
    }
  }

  /** As it stays while it is sent to: a segment that a filter makes is its filter, and one that is gone nobody. */
  async freeze(tenant: Tenant, audience: Audience): Promise<Audience> {
    if (audience.type !== 'segment' && audience.type !== 'list') {
      return audience;
    }
    const segment = await this.segments.find(tenant, audience.segment);
    if (!segment) {
      return { type: 'contacts', contacts: [] };
    }
    return segment.filter ? { type: 'filter', filter: segment.filter } : audience;
  }
}

function given<T>(field: string, value: T | null | undefined): T {
  if (value === null || value === undefined) {
    throw invalid(field, `The ${field} field is required.`);
  }
  return value;
}
