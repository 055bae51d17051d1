import { unescape } from 'node:querystring';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestsOf, type Known, type MadeUp } from '../support/arbitraries.js';
import { call, given as givenOn, must, type TestClient } from '../support/given.js';
import { expectSane } from '../support/hostile.js';
import { useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { deliveries, endpoint } from '../support/webhooks.js';
import { operations } from '../support/truth.js';

/** Requests of each operation. A failure prints the seed and the path that fast-check needs to run it again. */
const RUNS = 60;
/** No chance makes a provider's credentials, the name of a private channel, or an id that is in no example. */
const OUT_OF_REACH = /push_credentials|broadcasting|devices\/\{|identity_keys\/\{/;

const server = useServer();
let acme: TestClient;
let known: Known;
let operatorKnows: Known;
/** What belongs to somebody else, and so must never be answered. */
let foreign: readonly string[];
beforeAll(async () => {
  const umbrella = await given.client();
  acme = await given.client();
  const victim = await given.client();
  const ours = await world(acme);
  const theirs = await world(umbrella);
  const keys = await call(`${server.url}/admin/v1/clients/${victim.id}/keys`, 'GET', undefined, operator);
  foreign = theirs.ids;
  const emails = [...often(ours.emails), ...theirs.emails];
  known = { ids: [acme.id, ...often(ours.ids), ...theirs.ids], emails };
  // The operator may change or disable a client: one that no test asks as.
  operatorKnows = { ids: [victim.id, keys.body.data[0].id], emails };
});
const given = givenOn(() => server);
const operator = { authorization: `Bearer ${ADMIN_KEY}` };

/** More often our own than somebody else's, or few requests would get far. */
const often = (values: readonly string[]): string[] => Array(4).fill(values).flat();

/** A tenant with something in every list. */
async function world(of: TestClient): Promise<Known> {
  const { john, jane, channel } = await given.pair(of);
  const hooks = await endpoint(of, 'https://example.com/hooks');
  const message = await given.message(of, channel, john);
  const session = await given.session(of, john);
  const [delivery] = await deliveries(of, hooks);
  const file = must(await of.api.POST('/api/v1/files', { body: { mime_type: 'image/png', size: 1 } }));
  const recipient_uuids = [john.id];
  const parts = [{ mime_type: 'text/plain', body: 'Hello' }];
  const announced = { recipient_uuids, sender_name: 'Us', parts };
  const announcement = must(await of.api.POST('/api/v1/announcements', { body: announced }));
  const emails = [john, jane].map(({ email }) => String(email));
  const body = { sender_email: emails[0]!, recipient_email: emails[1]!, type: 'text' as const, content: 'Hello' };
  const general = must(await of.api.POST('/api/v1/messages/send-to-customer', { body }));
  return {
    ids: [
      ...[john.id, jane.id, channel.id, message.id, general.id, general.channel_id, session.id],
      ...[hooks.id, delivery!.id, delivery!.event_id, file.id, announcement.id],
    ],
    emails,
  };
}

/** What a request may say about others is what it was sent: nothing that it does not hold itself. */
function expectNothingForeign(text: string, request: MadeUp): void {
  const sent = unescape(request.path) + Buffer.from(request.body ?? '').toString();
  expect(foreign.filter((part) => text.includes(part) && !sent.includes(part))).toEqual([]);
}

describe('Whatever is sent, the answer is one of those that the document promises', () => {
  // What takes away what the others ask for comes last, and whom everything is about at the very end.
  const turn = ({ method, path }: (typeof operations)[number]): number =>
    method !== 'DELETE' ? 0 : path === '/api/v1/customers/{id}' ? 2 : 1;
  const fuzzed = operations
    .filter(({ operation }) => (operation.security ?? []).length > 0)
    .sort((a, b) => turn(a) - turn(b));
  const answered = new Map<string, Set<number>>();

  it.each(fuzzed.map((one) => [one.method, one.path, one.operation] as const))(
    '%s %s',
    async (method, path, operation) => {
      const isAdmin = path.startsWith('/admin');
      const statuses = new Set<number>();
      answered.set(`${method} ${path}`, statuses);
      await fc.assert(
        fc.asyncProperty(requestsOf(path, operation, isAdmin ? operatorKnows : known), async (request) => {
          const headers = { ...(isAdmin ? operator : acme.headers), ...request.headers };
          const reply = expectSane(await call(server.url + request.path, method, request.body, headers));
          statuses.add(reply.status);
          if (!isAdmin) {
            expectNothingForeign(reply.text, request);
          }
        }),
        { numRuns: RUNS },
      );
    },
  );

  it('and both good and bad requests were among them', () => {
    const having = (hundreds: number): number =>
      [...answered.values()].filter((all) => [...all].some((status) => Math.floor(status / 100) === hundreds)).length;
    expect(having(4)).toBe(fuzzed.length);
    const withinReach = fuzzed.filter(({ path }) => !OUT_OF_REACH.test(path));
    // Chance may keep a few from it: a channel takes two customers of ours and no other, a webhook endpoint a URL, and a
    // retry two ids that belong together.
    expect(having(2)).toBeGreaterThanOrEqual(withinReach.length - 6);
  });
});
