import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../support/given.js';
import { layerApp, type LayerSession } from '../support/layer.js';
import { useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { document, layerDocument, layerOperations, operations, type Operation } from '../support/truth.js';
import { bodyOf, withText, worstLetters } from '../support/worst-letters.js';

/** Bytes of a body; 256 KB are read at all. */
const BODY = 250_000;
/** Bytes of an address; its head has at most 16 KB. */
const ADDRESS = 14_000;
/** Milliseconds of the processor for one request, what this test does to ask it included. */
const ALLOWED = 50;
/** A slow reader is slow each time; a machine that is busy with something else is not. */
const TRIES = 20;
setFlagsFromString('--expose-gc');
/** What others left behind is collected before a second try, so that a request is charged with its own work only. */
const collectGarbage = runInNewContext('gc') as () => void;

const server = useServer();
let acme: TestClient;
let jane: LayerSession;
/** What the ids in paths name, by the beginning of the path. */
let ids: ReadonlyArray<readonly [path: RegExp, id: string]>;
beforeAll(async () => {
  acme = await given.client();
  const { john, channel } = await given.pair(acme);
  jane = await (await layerApp(() => server, acme)).session('jane');
  const conversation = await jane.send('POST', '/conversations', { participants: ['joe'] });
  expect(conversation.status).toBe(201);
  ids = [
    [/^\/admin\/v1\/clients\//, acme.id],
    [/^\/api\/v1\/customers\//, john.id],
    [/^\/api\/v1\/channels\/customer\//, john.id],
    [/^\/api\/v1\/channels\//, channel.id],
    [/^\/layer\/conversations\//, (conversation.body.id as string).split('/').at(-1)!],
  ];
});
const given = givenOn(() => server);

interface Asked {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask({ method, path, headers, body }: Asked): Promise<number> {
  const response = await fetch(server.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  await response.arrayBuffer();
  return response.status;
}

/** Milliseconds of the processor that a request takes, the least of several tries. */
async function costOf(asked: Asked): Promise<number> {
  let least = Infinity;
  for (let tries = 0; tries < TRIES && least > ALLOWED; tries += 1) {
    if (tries > 0) {
      collectGarbage();
    }
    const before = process.cpuUsage();
    const status = await ask(asked);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
    if (status === 413 || status === 431 || status === 429) {
      throw new Error(`${asked.what} was not read: ${status}`);
    }
  }
  return least;
}

async function slowOnes(requests: Iterable<Asked>): Promise<string[]> {
  const slow: string[] = [];
  for (const asked of requests) {
    const cost = await costOf(asked);
    if (cost > ALLOWED) {
      slow.push(`${asked.what}: ${Math.round(cost)} ms`);
    }
  }
  return slow;
}

function headersFor(path: string): Record<string, string> {
  if (path.startsWith('/layer')) {
    return { ...jane.headers };
  }
  return path.startsWith('/admin') ? { authorization: `Bearer ${ADMIN_KEY}` } : { ...acme.headers };
}

/** The path with something for each of its parameters. */
function pathOf(template: string, operation: Operation, values: Readonly<Record<string, string>> = {}): string {
  const known = ids.find(([path]) => path.test(template))?.[1];
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operation.parameters?.find((one) => one.name === name)?.schema as { example?: string } | undefined;
    return encodeURIComponent(values[name] ?? (name === 'id' ? known : undefined) ?? schema?.example ?? 'x');
  });
}

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const short = (text: string): string => JSON.stringify(`${text.slice(0, 30)}…${text.slice(-12)}`);

/** In each text of each body of a document, each of the worst. */
function* inBodies(from: object, all: typeof operations): Generator<Asked> {
  for (const { method, path, operation } of all) {
    const made = bodyOf(from, operation);
    const headers = { ...headersFor(path), 'content-type': 'application/json' };
    for (const place of made?.texts ?? []) {
      const around = Buffer.byteLength(JSON.stringify(withText(made!.body, place, '')));
      for (const text of worstLetters(BODY - around, json)) {
        const what = `${method} ${path} ${place.join('.')} = ${short(text)}`;
        const body = JSON.stringify(withText(made!.body, place, text));
        yield { what, method, path: pathOf(path, operation), headers, body };
      }
    }
  }
}

/** In each parameter of each path and query of a document, each of the worst. */
function* inAddresses(all: typeof operations): Generator<Asked> {
  for (const { method, path, operation } of all) {
    for (const { name, in: where } of operation.parameters ?? []) {
      for (const text of where === 'header' ? [] : worstLetters(ADDRESS, encodeURIComponent)) {
        const address =
          where === 'path'
            ? pathOf(path, operation, { [name]: text })
            : `${pathOf(path, operation)}?${name}=${encodeURIComponent(text)}`;
        yield { what: `${method} ${path} ${name} = ${short(text)}`, method, path: address, headers: headersFor(path) };
      }
    }
  }
}

/** Bodies whose letters are harmless, and their shape is not. */
function* shapes(): Generator<Asked> {
  const numbers = Array.from({ length: 35_000 }, (_, at) => at.toString(36));
  const bodies: Readonly<Record<string, string>> = {
    'many names': JSON.stringify(Object.fromEntries(numbers.slice(0, 25_000).map((name) => [name, 1]))),
    'many items': JSON.stringify({
      name: numbers,
      participants: numbers.slice(0, 1),
      customer_uuids: numbers.slice(0, 1),
    }),
    'a deep one': `{"metadata":${'['.repeat(120_000)}${']'.repeat(120_000)}}`,
    'a name': JSON.stringify({ ['x'.repeat(BODY - 10)]: 1 }),
  };
  for (const [method, path] of [
    ['POST', '/api/v1/customers'],
    ['POST', '/api/v1/channels'],
    ['POST', '/layer/conversations'],
  ] as const) {
    for (const [what, body] of Object.entries(bodies)) {
      const headers = { ...headersFor(path), 'content-type': 'application/json' };
      yield { what: `${method} ${path}: ${what}`, method, path, headers, body };
    }
  }
  const forms = {
    'many names': numbers
      .map((name) => `${name}=`)
      .join('&')
      .slice(0, BODY),
    'one name': 'a=&'.repeat(80_000),
    escapes: `socket_id=${'%41'.repeat(80_000)}`,
  };
  for (const [what, body] of Object.entries(forms)) {
    const headers = { ...acme.headers, 'content-type': 'application/x-www-form-urlencoded' };
    yield { what: `a form: ${what}`, method: 'POST', path: '/broadcasting/auth', headers, body };
  }
}

describe('250 KB of the worst letters hold the process for no more than 50 ms', () => {
  const stories: Readonly<Record<string, () => Iterable<Asked>>> = {
    'in the bodies of the core': () => inBodies(document, operations),
    'in the bodies of Layer': () => inBodies(layerDocument, layerOperations),
    'in the addresses of the core': () => inAddresses(operations),
    'in the addresses of Layer': () => inAddresses(layerOperations),
    'as names, lists and forms': shapes,
  };

  it.each(Object.keys(stories))(
    '%s',
    async (name) => {
      expect(await slowOnes(stories[name]!())).toEqual([]);
    },
    600_000,
  );
});
