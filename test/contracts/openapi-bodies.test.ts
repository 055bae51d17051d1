import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, given, type TestClient } from '../support/given.js';
import { startServer, type TestServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { givenTeams, type TestCaller } from '../support/engagement.js';
import {
  document,
  engagementDocument,
  engagementOperations,
  layerDocument,
  layerOperations,
  operations,
} from '../support/truth.js';

const operator = { authorization: `Bearer ${ADMIN_KEY}` };
let server: TestServer;
let acme: TestClient;
let owner: TestCaller;
/** Who asks where pages may. */
let page: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  acme = await given(() => server).client();
  const { workspace, ...team } = await givenTeams(() => server).team();
  owner = team.owner;
  page = { 'x-public-key': workspace.publicKey, origin: 'http://localhost' };
});
afterAll(() => server.stop());

interface Schema {
  readonly $ref?: string;
  readonly additionalProperties?: unknown;
}
type Schemas = Readonly<Record<string, Schema>>;

/** The schemas of JSON bodies that have a name, each with an operation that takes it. */
function bodiesOf(from: typeof operations, schemas: unknown) {
  return from.flatMap(({ method, path, operation }) => {
    const { $ref = '' } = operation.requestBody?.content['application/json']?.schema ?? {};
    const schema = (schemas as Schemas)[$ref.split('/').at(-1)!];
    return schema ? [[operation.operationId, method, path, schema] as const] : [];
  });
}
const schemasOf = (of: object): unknown => (of as { components: { schemas: unknown } }).components.schemas;

describe('A body with a field that nobody knows', () => {
  it.each(bodiesOf(operations, schemasOf(document)))(
    'is refused by %s, as the document says',
    async (_, method, path, schema) => {
      expect(schema.additionalProperties).toBe(false);
      const of = path.startsWith('/admin/') ? operator : acme.headers;
      // What the path names is looked for once the body is read.
      const url = `${server.url}${path.replaceAll(/\{\w+\}/g, acme.uuid)}`;
      const reply = await call(url, method, { nobody_knows: 1 }, of);
      expect(reply.status).toBe(422);
      expect(reply.body.errors).toMatchObject({ nobody_knows: ['The nobody_knows field is not known.'] });
    },
  );

  it.each(bodiesOf(engagementOperations, schemasOf(engagementDocument)))(
    'is refused by %s of the engagement dialect, as the document says',
    async (_, method, path, schema) => {
      expect(schema.additionalProperties).toBe(false);
      if (path.startsWith('/admin/')) {
        const url = server.url + path.replace('{id}', acme.uuid);
        const { status, body } = await call(url, method, { nobody_knows: 1 }, operator);
        expect([status, body.errors]).toEqual([422, { nobody_knows: ['The nobody_knows field is not known.'] }]);
        return;
      }
      const named = path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '42');
      const isForPages = path === '/api/v1/live-chat/visitors';
      const reply = await owner.send(method, named, { nobody_knows: 1 }, isForPages ? page : {});
      expect(reply.status).toBe(422);
      expect(reply.body.errors).toMatchObject({ nobody_knows: ['The nobody_knows field is not known.'] });
    },
  );

  it('is refused in the Layer dialect, too, but of devices', () => {
    const open = bodiesOf(layerOperations, schemasOf(layerDocument)).filter(
      ([, , , { additionalProperties }]) => additionalProperties !== false,
    );
    expect(open.map(([id]) => id)).toEqual(['pushTokensRegister']);
  });
});
