import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { readPhoneNumber } from '../../delivery/texts/phone-number.js';
import { checkMetadata } from '../../platform/common/fields/metadata.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { TagsService } from '../tags/tags.service.js';
import type { ContactFields } from './contacts.repository.js';
import { ContactUpsertsRepository, type KnownPerson, type WrittenPerson } from './contact-upserts.repository.js';
import { written } from './names.js';

/** What is said of whoever has this e-mail. What is absent stays. */
export interface Upsert {
  readonly email: string;
  readonly fields: Partial<Omit<ContactFields, 'email' | 'status' | 'customFields'>>;
  readonly custom: Readonly<Record<string, unknown>>;
  /** Names; those that are not there are made. */
  readonly tags: readonly string[];
}

/** What became of one of them. */
export type UpsertEnd = 'created' | 'updated' | 'skipped' | { readonly problem: string };

interface Options {
  /** What becomes of whoever is there. */
  readonly onConflict: 'update' | 'skip';
  /** Ids of tags that all of them get. */
  readonly tagIds: readonly string[];
  /** Whether nothing is to be written. */
  readonly dryRun: boolean;
}

/** A person as one after another says what it is. */
interface Draft {
  readonly id: string;
  readonly email: string;
  readonly known: KnownPerson | null;
  readonly fields: ContactFields;
  readonly tags: ReadonlySet<string>;
}

const MAX_TRIES = 5;
const NEW: Omit<ContactFields, 'email'> = {
  ...{ firstName: null, lastName: null, phone: null, company: null, jobTitle: null },
  ...{ city: null, country: null, timezone: null, leadScore: 0, status: 'active', customFields: {} },
};

/** Many contacts at once, each known by its e-mail. Nobody's status or suppression is touched. */
@Injectable()
export class ContactUpsertsService {
  constructor(
    private readonly people: ContactUpsertsRepository,
    private readonly tags: TagsService,
  ) {}

  /**
   * As if one were written after the other, all of them or none.
   * @returns what became of each, in their order
   * @throws Refusal 503 where others made the same people again and again
   */
  async upsert(tenant: Tenant, upserts: readonly Upsert[], options: Options): Promise<UpsertEnd[]> {
    const ends = await this.people.inTransaction(tenant, () => this.attempt(tenant, upserts, options), MAX_TRIES);
    if (ends === null) {
      const says = 'Others are changing the same contacts. Nothing was changed.';
      throw new Refusal('unavailable', says, { retryAfter: 1 });
    }
    return ends;
  }

  /** Null where others have made or merged one of them meanwhile: whoever tries again holds those first, as all do. */
  private async attempt(tenant: Tenant, upserts: readonly Upsert[], options: Options): Promise<UpsertEnd[] | null> {
    const emails = [...new Set(upserts.map(({ email }) => email))];
    const own = await this.people.findOwn(tenant, emails);
    const held = await this.people.hold(tenant, emails);
    if (held === null) {
      return null;
    }
    const known = new Map(held.map((one) => [one.email, one]));
    const { drafts, ends } = drafted(upserts, known, own, options.onConflict);
    if (options.dryRun) {
      return ends;
    }
    const fresh = numbered(drafts.filter((one) => one.known === null));
    if ((await this.people.create(tenant, fresh)) < fresh.length) {
      return null;
    }
    await this.write(tenant, drafts, options.tagIds);
    return ends;
  }

  private async write(tenant: Tenant, drafts: readonly Draft[], tagIds: readonly string[]): Promise<void> {
    const people = numbered(drafts);
    // The copies first: the triggers of the customers then find nothing that is left to change.
    await this.people.update(tenant, people);
    await this.people.updateCustomers(tenant, people);
    const ids = await this.tags.idsOfNames(tenant, new Set(drafts.flatMap(({ tags }) => [...tags])));
    const marks = drafts.flatMap(({ id, tags }) =>
      [...new Set([...tagIds, ...[...tags].map((name) => ids.get(name)!)])].map((tagId) => ({ contactId: id, tagId })),
    );
    await this.tags.mark(tenant, marks);
  }
}

function drafted(
  upserts: readonly Upsert[],
  known: ReadonlyMap<string, KnownPerson>,
  own: ReadonlySet<string>,
  onConflict: Options['onConflict'],
): { readonly drafts: readonly Draft[]; readonly ends: UpsertEnd[] } {
  const drafts = new Map<string, Draft>();
  const ends = upserts.map((upsert): UpsertEnd => {
    const { email } = upsert;
    const person = known.get(email) ?? null;
    if (own.has(email) || person?.number === null) {
      return { problem: 'this is an address of the workspace itself' };
    }
    // Two e-mails may be one person's.
    const key = person?.id ?? email;
    const before = drafts.get(key);
    const isThere = before !== undefined || person !== null;
    if (isThere && onConflict === 'skip') {
      return 'skipped';
    }
    const draft = changed(before ?? draftOf(email, person), upsert);
    const problem = checkMetadata(draft.fields.customFields);
    if (problem) {
      return { problem: `invalid custom_fields: it ${problem.says}` };
    }
    drafts.set(key, draft);
    return isThere ? 'updated' : 'created';
  });
  return { drafts: [...drafts.values()], ends };
}

function draftOf(email: string, known: KnownPerson | null): Draft {
  return { id: known?.id ?? uuidv7(), email, known, fields: known ?? { ...NEW, email }, tags: new Set() };
}

function changed(draft: Draft, { email, fields: given, custom, tags }: Upsert): Draft {
  const { known, fields: was } = draft;
  const { phone, ...others } = given;
  // What a contact shows as its own, though it is only the customer's, is not typed by being read again.
  const isShown = phone === undefined || (was.phone === null && phone === known?.customerPhone);
  const firstName = others.firstName ?? was.firstName ?? (known ? null : email.slice(0, email.lastIndexOf('@')));
  return {
    ...draft,
    fields: {
      ...{ ...was, ...others, ...(isShown ? {} : { phone }), firstName },
      customFields: { ...was.customFields, ...custom },
    },
    tags: new Set([...draft.tags, ...tags]),
  };
}

/** As they are stored; of two with one phone number the first has it. */
function numbered(drafts: readonly Draft[]): WrittenPerson[] {
  const taken = new Set<string>();
  return drafts.map(({ id, email, known, fields }) => {
    const { firstName, lastName, phone } = fields;
    const isRenamed = known === null || firstName !== known.firstName || lastName !== known.lastName;
    const { name, profile } = isRenamed ? written({ firstName, lastName }, known?.profile ?? null) : known;
    const isTyped = phone !== null && phone !== known?.phone;
    const number = isTyped ? readPhoneNumber(phone, undefined) : null;
    const isFree = number !== null && !taken.has(number);
    if (isFree) {
      taken.add(number);
    }
    return { id, email, name, profile, number: isFree ? number : null, fields };
  });
}
