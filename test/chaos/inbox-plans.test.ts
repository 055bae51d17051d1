import { beforeAll, describe, expect, it } from '@jest/globals';
import { Binding } from '../../src/engagement/binding.js';
import {
  contactsAfter,
  countOfContacts,
  pageOfContacts,
  type KnownFilters,
} from '../../src/engagement/contacts/contact-list.sql.js';
import {
  countOfConversations,
  FIND,
  FIND_LISTED,
  pageOfConversations,
  type ConversationFilters,
} from '../../src/engagement/conversations/inbox-list.sql.js';
import { FIND_LISTED as FIND_CONTACTS } from '../../src/engagement/contacts/contacts.sql.js';
import { LIST } from '../../src/engagement/conversations/timeline.sql.js';
import { areFew } from '../../src/engagement/few.js';
import * as SUPPRESSIONS from '../../src/engagement/suppressions/suppressions.sql.js';
import { explain, fillInboxes, idOf, MANY, totalOf, uuidOf, wrongWithPage } from '../support/inbox-plans.js';

beforeAll(fillInboxes, 600_000);

describe('A list of contacts', () => {
  const OWN = ['contacts', 'contact_tags', 'segment_members'];
  const SORTS = [
    'created_at',
    'first_name',
    'last_name',
    'email',
    'company',
    'lead_score',
    'last_contacted_at',
  ] as const;
  const group = (n: number) => uuidOf(idOf('group', String(n)));
  const named = (field: 'tag' | 'segment', n: number) => ({ all: [{ field, op: 'in', value: [n] }] });
  const idsOf = async (n: number) => {
    const one = new Map([[n, await group(n)]]);
    return { tag: one, segment: one };
  };
  const BY: Readonly<Record<string, () => KnownFilters | Promise<KnownFilters>>> = {
    nothing: () => ({}),
    'a status': () => ({ status: 'active' }),
    'a rare status': () => ({ status: 'unsubscribed' }),
    'a tag of many': async () => ({ tag: await group(1) }),
    'a rare tag': async () => ({ tag: await group(3) }),
    'a segment of many': async () => ({ segment: await group(1) }),
    'a small segment': async () => ({ segment: await group(3) }),
    'a filter of a rare tag': async () => ({ filter: named('tag', 3), ids: await idsOf(3) }),
    'a filter of a small segment': async () => ({ filter: named('segment', 3), ids: await idsOf(3) }),
    'a filter of a tag of many': async () => ({ filter: named('tag', 1), ids: await idsOf(1) }),
    'a rare country': () => ({ country: 'LI' }),
    'a high score': () => ({ minScore: 95 }),
    'an e-mail': () => ({ email: '500@example.com' }),
    'a time': () => ({ createdFrom: new Date(Date.now() - 24 * 3_600_000) }),
    'a word of few': () => ({ search: '77777@' }),
    'a word of all': () => ({ search: 'example' }),
    'two words': () => ({ search: 'first77 last' }),
    'the beginning of a word': () => ({ search: 'fi' }),
  };

  it.each(Object.keys(BY))('by %s looks at some of them, in every order', async (name) => {
    const filters = await BY[name]!();
    const counting = new Binding();
    const total = await totalOf(countOfContacts(filters, counting, new Date()), counting);
    const wrong: unknown[] = [];
    for (const sort of SORTS) {
      for (const direction of ['asc', 'desc'] as const) {
        const binding = new Binding();
        const page = { sort, direction, limit: 26, offset: 0, after: null, areFew: areFew(total, filters) };
        const text = pageOfContacts(filters, page, binding, new Date());
        wrong.push(...(await wrongWithPage(text, binding, OWN)).map((what) => `by ${sort} ${direction} ${what}`));
      }
    }
    expect([total, wrong]).toEqual([total, []]);
  });

  it('is walked through from any of them', async () => {
    for (const number of [1, MANY / 2, MANY - 1]) {
      const [page, walk] = [new Binding(), new Binding()];
      const slice = {
        sort: 'created_at',
        direction: 'desc',
        limit: 26,
        offset: 0,
        after: number,
        areFew: false,
      } as const;
      expect(await wrongWithPage(pageOfContacts({}, slice, page, new Date()), page, OWN)).toEqual([]);
      const next = contactsAfter({}, { after: number, limit: 500 }, walk, new Date());
      expect(await wrongWithPage(next, walk, OWN)).toEqual([]);
    }
  });

  it('is counted in contacts and what marks them alone', async () => {
    for (const name of Object.keys(BY)) {
      const binding = new Binding();
      const { looked, tables } = await explain(countOfContacts(await BY[name]!(), binding, new Date()), binding.values);
      const others = tables.filter((table) => ![...OWN, 'tags', 'contact_segments'].includes(table));
      // Who has an e-mail is a row of its own.
      expect([name, looked < 50 ? [] : others]).toEqual([name, []]);
    }
  });
});

describe('A list of conversations', () => {
  const OWN = ['conversations', 'contacts', 'message_words'];
  const SORTS = ['last_message_at', 'created_at', 'priority', 'status'] as const;
  const BY: Readonly<Record<string, () => ConversationFilters | Promise<ConversationFilters>>> = {
    nothing: () => ({}),
    'a status': () => ({ status: 'open' }),
    'the status of most': () => ({ status: 'closed' }),
    'a rare status': () => ({ status: 'spam' }),
    'a rare priority': () => ({ priority: 'urgent' }),
    'the priority of most': () => ({ priority: 'normal' }),
    'an assignee': async () => ({ assignee: await uuidOf(idOf('agent', '1')) }),
    'a rare assignee': async () => ({ assignee: await uuidOf(idOf('rare', '1')) }),
    nobody: () => ({ assignee: 'nobody' }),
    'a contact': async () => ({ contact: await uuidOf(idOf('person', '7')) }),
    'a star': () => ({ isStarred: true }),
    'what is not read': () => ({ isRead: false }),
    'a word of few': () => ({ search: '77777@' }),
    'a word of all': () => ({ search: 'example' }),
    'what was said in few': () => ({ said: 'order 77777' }),
    'what was said in all': () => ({ said: 'order where' }),
    'what was said in those that are open': () => ({ said: 'order', status: 'open' }),
  };

  it.each(Object.keys(BY))('by %s looks at some of them, in every order', async (name) => {
    const filters = await BY[name]!();
    const counting = new Binding();
    const total = await totalOf(countOfConversations(filters, counting), counting);
    const wrong: unknown[] = [];
    for (const sort of SORTS) {
      for (const direction of ['asc', 'desc'] as const) {
        const binding = new Binding();
        const page = { sort, direction, limit: 26, offset: 0, after: null, areFew: areFew(total, filters) };
        const text = pageOfConversations(filters, page, binding);
        wrong.push(...(await wrongWithPage(text, binding, OWN)).map((what) => `by ${sort} ${direction} ${what}`));
      }
    }
    expect([total, wrong]).toEqual([total, []]);
  });

  it('is counted in conversations and what is searched alone', async () => {
    for (const name of Object.keys(BY)) {
      const binding = new Binding();
      const { tables } = await explain(countOfConversations(await BY[name]!(), binding), binding.values);
      expect([name, tables.filter((table) => !OWN.includes(table))]).toEqual([name, []]);
    }
  });

  it('and those of a page, one of them, its timeline and a suppression are found by what they are called', async () => {
    const channel = await uuidOf(idOf('channel', '500'));
    const suppression = await uuidOf(idOf('suppression', '500'));
    for (const [{ text }, values] of [
      [FIND, [500, null]],
      [FIND, [null, channel]],
      [FIND_LISTED, [[500, 70_000, 1]]],
      [FIND_CONTACTS, [[500, 70_000, 1]]],
      [LIST, [channel, 25, 2 ** 31, 2 ** 40, 2 ** 31]],
      [SUPPRESSIONS.FIND, [500, null]],
      [SUPPRESSIONS.FIND, [null, suppression]],
    ] as const) {
      const { looked } = await explain(text, values);
      expect([text, values, looked < 50 ? 0 : looked]).toEqual([text, values, 0]);
    }
  });
});
