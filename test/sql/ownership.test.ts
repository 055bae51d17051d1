import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Statement } from '../../src/platform/database/statement.js';
import { entities } from '../../src/entities.js';
import { RAISE_EVENT } from '../../src/platform/outbox/raise-event.js';

const SOURCES = new URL('../../src', import.meta.url).pathname;

/** Each may ask for tables of its own and of those above it here; dialects are strangers to one another. */
const MODULES = [
  ...[
    'platform/database',
    'platform/cluster',
    'platform/outbox',
    'clients',
    'customers',
    'channels',
    'files',
    'messages',
  ],
  ...['notify/realtime', 'notify/events', 'notify/announcements', 'notify/push', 'notify/webhooks', 'notify/worker'],
  'users',
  'workspaces',
  'delivery',
  'engagement',
  ...['dialects/pusher', 'dialects/layer'],
];

/** What reaches further, and why it has to. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // Whom a sender talks with: a page in one round trip.
  'customers.list_active_for_sender': ['channel_members'],
  'customers.list_active_for_sender_asc': ['channel_members'],
  'customers.list_active_for_sender_first': ['channel_members'],
  'customers.list_active_for_sender_first_asc': ['channel_members'],
  // What was said and hidden before is counted under the lock that lets the member in.
  'members.join': ['hidden_messages', 'messages'],
  // The event and its deliveries are one fact, written by the statement that made it happen.
  raise_event: ['webhook_deliveries', 'webhook_endpoints'],
};

const files = readdirSync(SOURCES, { recursive: true }) as string[];
const moduleOf = (file: string): string => MODULES.find((name) => file.startsWith(`${name}/`))!;
const rankOf = (module: string): number => MODULES.indexOf(module);

/** By table. */
const owners = new Map<string, string>();
for (const file of files.filter((one) => one.endsWith('.entity.ts'))) {
  const [, table] = /@Entity\('(\w+)'/.exec(readFileSync(join(SOURCES, file), 'utf8'))!;
  owners.set(table!, moduleOf(file));
}

function tablesIn(text: string): string[] {
  const pattern = new RegExp(
    `(?:\\b(?:FROM|JOIN|UPDATE|INTO|USING|ONLY)\\s+|,\\s*)(${[...owners.keys()].join('|')})\\b(?![.(])`,
    'g',
  );
  return [...new Set([...text.matchAll(pattern)].map(([, table]) => table!))];
}

const found: Record<string, string[]> = {};
for (const file of files.filter((one) => one.endsWith('.sql.ts')).sort()) {
  const module = moduleOf(file);
  const exported = Object.values((await import(join(SOURCES, file))) as Record<string, unknown>);
  for (const { name, text } of exported.flatMap(statementsIn)) {
    const foreign = tablesIn(text).filter((table) => !mayAsk(module, owners.get(table)!));
    if (foreign.length > 0) {
      found[name] = foreign.sort();
    }
  }
}

found.raise_event = tablesIn(RAISE_EVENT)
  .filter((table) => !mayAsk('platform/outbox', owners.get(table)!))
  .sort();

function mayAsk(module: string, owner: string): boolean {
  const isStranger = owner !== module && owner.startsWith('dialects/') && module.startsWith('dialects/');
  return !isStranger && rankOf(owner) <= rankOf(module);
}

/** A list has several. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return 'name' in value && 'text' in value ? [value as Statement] : Object.values(value).flatMap(statementsIn);
}

describe('The tables', () => {
  it('are all in the list of entities', () => {
    expect(entities).toHaveLength(owners.size);
  });

  it('have an owner each, and statements keep to those of their module and below', () => {
    expect([...owners.values()].every((owner) => MODULES.includes(owner))).toBe(true);
    expect(found).toEqual(EXCEPTIONS);
  });
});
