import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { digestOf } from '../support/digest.js';
import { given as givenOn, must, type Customer, type Reply, type TestClient } from '../support/given.js';
import {
  bodyOf,
  ID_KINDS,
  kindOf,
  parametersOf,
  placesOf,
  type Kind,
  type Names,
  type Place,
  type Property,
} from '../support/places.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';
import { deliveries, endpoint } from '../support/webhooks.js';
import { operations } from '../support/truth.js';

const tenantOperations = operations.filter(({ path }) => path.startsWith('/api/v1/'));
/** Each place by itself, then all of an operation's at once. */
const sweep = tenantOperations
  .flatMap((one) => {
    const places = placesOf(one.operation);
    const { operationId } = one.operation;
    const single = places.map((place) => [`${operationId} ${place.in} ${place.name}`, one, [place]] as const);
    // Two cursors are refused, whatever they name.
    const together = places.filter(({ name }) => name !== 'ending_before');
    // What names nothing can't name somebody else's.
    return places.length === 0 ? [] : [...single, [`${operationId}, all at once`, one, together] as const];
  })
  // What deletes comes late; and last, because from then on the e-mails that it takes are Acme's too, a new customer.
  .sort(([, a], [, b]) => rank(a) - rank(b));

function rank(one: (typeof operations)[number]): number {
  // To make customers of all the e-mails comes first: to change one then finds each taken, whosever it was.
  return isNewCustomer(one) ? 2 : isChangedCustomer(one) ? 3 : Number(one.method === 'DELETE');
}

function isNewCustomer({ operation }: (typeof operations)[number]): boolean {
  return operation.operationId === 'customersCreate';
}

/** Whether it is a list of what fits, which may be nothing. */
function isFilter({ operation, path }: (typeof operations)[number], places: readonly Place[]): boolean {
  return (
    /active-for-sender/.test(path) ||
    (operation.operationId === 'customersList' && places.some(({ name }) => name === 'external_id' || name === 'email'))
  );
}

function isChangedCustomer({ operation }: (typeof operations)[number]): boolean {
  return operation.operationId === 'customersUpdate';
}

const server = useServer();
let acme: TestClient;
let ours: Names;
/** Another tenant's, and what never was. */
let theirs: Names;
let never: Names;
let theirWords: string[];
/** Ours too, for the channels that need two. */
let partner: string;
beforeAll(async () => {
  acme = await given.client({ name: 'Acme' });
  const own = await namesOf(acme);
  [ours, partner] = [own.names, own.jane.id];
  const umbrella = await given.client({ name: 'Umbrella Corporation' });
  const { names, words } = await namesOf(umbrella);
  theirs = names;
  theirWords = [...words, umbrella.publicKey, umbrella.secretKey, 'Umbrella'];
  never = {
    client: formatId('client', uuidv7()),
    customer: formatId('customer', uuidv7()),
    channel: formatId('channel', uuidv7()),
    message: formatId('message', uuidv7()),
    file: formatId('file', uuidv7()),
    customer_session: formatId('customer_session', uuidv7()),
    event: formatId('event', uuidv7()),
    webhook_endpoint: formatId('webhook_endpoint', uuidv7()),
    webhook_delivery: formatId('webhook_delivery', uuidv7()),
    device: formatId('device', uuidv7()),
    announcement: formatId('announcement', uuidv7()),
    email: `${randomUUID()}@example.com`,
    other_email: `${randomUUID()}@example.com`,
    external_id: randomUUID(),
  };
});
const given = givenOn(() => server);

async function namesOf(of: TestClient): Promise<{ names: Names; words: string[]; jane: Customer }> {
  const [john, jane] = [await given.customer(of, `John of ${of.id}`), await given.customer(of, `Jane of ${of.id}`)];
  const external_id = randomUUID();
  must(await of.api.PATCH('/api/v1/customers/{id}', { params: { path: { id: john.id } }, body: { external_id } }));
  const channel = await given.channel(of, [john, jane], `Team of ${of.id}`);
  const secret = `${of.id} says hello`;
  const hooks = await endpoint(of, 'https://example.com/hooks');
  const message = await given.message(of, channel, john, secret);
  const file = must(await of.api.POST('/api/v1/files', { body: { mime_type: 'image/png', size: 1, name: secret } }));
  const session = await given.session(of, john);
  const [delivery] = await deliveries(of, hooks);
  const params = { path: { id: john.id } };
  const phone = { device_id: secret, provider: 'fcm' as const, token: secret };
  const device = must(await of.api.POST('/api/v1/customers/{id}/devices', { params, body: phone }));
  const announced = {
    recipient_uuids: [john.id],
    sender_name: secret,
    parts: [{ mime_type: 'text/plain', body: secret }],
  };
  const announcement = must(await of.api.POST('/api/v1/announcements', { body: announced }));
  const names: Names = {
    ...{ client: of.id, customer: john.id, channel: channel.id, message: message.id, customer_session: session.id },
    ...{ event: delivery!.event_id, webhook_endpoint: hooks.id, webhook_delivery: delivery!.id, file: file.id },
    ...{ device: device.id, announcement: announcement.id },
    ...{ email: john.email!, other_email: jane.email!, external_id },
  };
  const uuids = ID_KINDS.map((kind) => parseId(kind, names[kind])!);
  const { email: _, external_id: __, ...shown } = names;
  return {
    names,
    words: [...Object.values(shown), ...uuids, jane.id, session.token, hooks.secret, secret],
    jane,
  };
}

/** Asks as Acme for what is Acme's own, but for `places`, which name what `values` has. */
function ask({ method, path, operation }: (typeof operations)[number], places: readonly Place[], values: Names) {
  const valueOf = (where: string, name: string, kind: Kind): string =>
    places.some((place) => place.in === where && place.name === name) ? values[kind] : ours[kind];
  const query = new URLSearchParams();
  let url = path;
  for (const { in: where, name, required, schema, description } of parametersOf(operation)) {
    if (where === 'query' && required && schema.enum) {
      query.set(name, schema.enum[0]!);
    }
    const kind = kindOf(name, schema, description);
    const varied = places.some((place) => place.in === where && place.name === name);
    if (where === 'path') {
      url = url.replace(`{${name}}`, valueOf('path', name, kind!));
    } else if (where === 'query' && kind && (required || varied)) {
      query.set(name, valueOf('query', name, kind));
    }
  }
  const body = Object.fromEntries(
    bodyOf(operation).map(([name, schema]) => {
      const kind = kindOf(name, schema);
      const value = kind ? valueOf('body', name, kind) : (schema.enum?.at(-1) ?? schema.example);
      return [name, schema.items?.enum ? schema.example : isListOfIds(schema) ? [partner, value] : value];
    }),
  );
  return acme.send(method, query.size > 0 ? `${url}?${query.toString()}` : url, method === 'GET' ? undefined : body);
}

function isListOfIds({ items }: Property): boolean {
  return items !== undefined && items.$ref === undefined;
}

/** What differs between two requests whatever they name: their ids, the moment, new rows, and what they sent themselves. */
function masked({ text }: Reply, sent: Names): string {
  const known = new Set([...Object.values(ours), partner]);
  return [sent.email, sent.other_email, sent.external_id]
    .reduce((masking, own) => masking.replaceAll(own, '<own>'), text)
    .replace(/req_[\da-f-]{36}/g, '<request>')
    .replace(/"created":\d+/g, '"created":0')
    .replace(/\b(?:cus|ch|msg|clt|cs|evt|we|wd|file|dev|ann)_[\da-z]{26}\b/g, (id) => (known.has(id) ? id : '<new>'));
}

const bare = (names: Names): Names => ({
  ...names,
  ...Object.fromEntries(ID_KINDS.map((kind) => [kind, parseId(kind, names[kind])!])),
});

function expectSame(foreign: Reply, unknown: Reply, sentForeign: Names, sentUnknown: Names): void {
  expect({ status: foreign.status, text: masked(foreign, sentForeign) }).toEqual({
    status: unknown.status,
    text: masked(unknown, sentUnknown),
  });
  expect([...foreign.headers.keys()].sort()).toEqual([...unknown.headers.keys()].sort());
}

/** Nothing of Umbrella's is in it; one e-mail and one external id become those of a new customer of Acme's own. */
function expectNoneOfTheirs({ text }: Reply): void {
  for (const word of theirWords) {
    expect(text).not.toContain(word);
  }
}

describe('Another tenant’s value is answered as one that never was', () => {
  let before: Record<string, string>;
  /** Whether what is ours was taken away, or renamed. */
  let usedUp = false;
  const umbrella = (): string => parseId('client', theirs.client)!;
  beforeAll(async () => {
    // When a key was last used is noted aside of the request.
    for (let tries = 0; tries < 40; tries += 1) {
      const [key] = await sql('SELECT last_used_at FROM api_keys WHERE client_id = $1', umbrella());
      if (key!.last_used_at !== null) {
        break;
      }
      await sleep(25);
    }
    before = await digestOf(umbrella());
  });
  const untouched = async (): Promise<void> => expect(await digestOf(umbrella())).toEqual(before);

  it('in every place of the document', () => {
    // Fewer would mean that the document no longer says what a parameter names.
    expect(sweep.length - tenantOperations.length).toBeGreaterThanOrEqual(25);
    const nameless = tenantOperations.filter(({ operation }) => placesOf(operation).length === 0);
    expect(nameless.map(({ operation }) => operation.operationId).sort()).toEqual([
      'filesCreate',
      ...['Delete', 'Get', 'SetApns', 'SetFcm', 'SetWebPush'].map((verb) => `pushCredentials${verb}`),
      'webhookEndpointsCreate',
    ]);
  });

  it.each(sweep)('%s', async (_, one, places) => {
    const usesUp = one.method === 'DELETE' || isChangedCustomer(one);
    if (usesUp || usedUp) {
      // A client may have twenty. The operation before may have been the one that deletes it.
      const { status } = await acme.send('DELETE', `/api/v1/webhook_endpoints/${ours.webhook_endpoint}`);
      expect([204, 404]).toContain(status);
      const fresh = await namesOf(acme);
      [ours, partner] = [fresh.names, fresh.jane.id];
    }
    usedUp = usesUp;
    const own = await ask(one, [], ours);
    expect(own.status).toBeLessThan(300);
    expectNoneOfTheirs(own);
    for (const shape of [(names: Names) => names, bare]) {
      const [foreign, unknown] = [shape(theirs), shape(never)];
      const answer = await ask(one, places, foreign);
      expectSame(answer, await ask(one, places, unknown), foreign, unknown);
      expectNoneOfTheirs(answer);
      if (!isNewCustomer(one) && !isFilter(one, places)) {
        expect([404, 422]).toContain(answer.status);
      }
    }
    await untouched();
  });

  it('and so is its Idempotency-Key', async () => {
    const umbrellaLike = await given.client();
    const key = { 'idempotency-key': `order-${randomUUID()}` };
    const body = { name: 'Their secret', email: `${randomUUID()}@example.com` };
    const first = await umbrellaLike.send('POST', '/api/v1/customers', body, key);
    const digest = await digestOf(umbrellaLike.uuid);
    const second = await acme.send('POST', '/api/v1/customers', body, key);
    const third = await acme.send('POST', '/api/v1/customers', { ...body, name: 'Other' }, key);
    expect([first.status, second.status, third.status]).toEqual([201, 201, 422]);
    expect(second.headers.has('idempotent-replayed')).toBe(false);
    expect(second.body.id).not.toBe(first.body.id);
    expect(await digestOf(umbrellaLike.uuid)).toEqual(digest);
  });
});
