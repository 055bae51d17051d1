import { unescape } from 'node:querystring';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestsOf, WORKSPACE_SCHEMAS, type Known, type MadeUp } from '../../support/arbitraries.js';
import { accepted, call, type Reply } from '../../support/given.js';
import { LEAK } from '../../support/hostile.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { workspaceOperations } from '../../support/truth.js';
import { givenUsers, inWorkspace, keyOf, signedIn, type TestUser } from '../../support/users.js';

/** Requests of each operation. A failure prints the seed and the path that fast-check needs to run it again. */
const RUNS = 20;
/** What is for strangers is fuzzed where it sends no mail, which the shared server can not, and asks nobody else. */
const FOR_STRANGERS = /(login|logout|2fa\/verify|invitations\/look|accept-invitation|verify-email|reset-password)$/;

const server = useServer();
const given = givenUsers(() => server);
let known: Known;
/** What belongs to somebody else, and so must never be answered. */
let foreign: readonly string[];
let owner: TestUser;
let key: string;

/** A workspace with something in every list. */
async function world() {
  const { owner: user, workspace } = await given.team();
  const make = async (path: string, body: object): Promise<Record<string, string>> =>
    accepted(await user.send('POST', inWorkspace(workspace, path), body)).body as Record<string, string>;
  const number = await make('/phone-numbers', { number: OUR_NUMBER });
  const sent = await make('/messages', { to: '+15005550006', from: OUR_NUMBER, body: 'Hello' });
  const heard = await make('/simulator/inbound', { from: '+14155552671', to: OUR_NUMBER, body: 'Hi' });
  const rest = [
    await make('/invitations', { email: `of-${workspace.id}@example.com`, role: 'agent' }),
    await make('/api-keys', { name: 'Theirs' }),
    await make('/personal-tokens', { name: 'Theirs', scopes: ['contacts'] }),
    await make('/opt-outs', { number: '+14155552672' }),
  ];
  const ids = [workspace.id, number.id!, sent.sid!, heard.conversationId!, ...rest.map(({ id }) => id!)];
  return { user, workspace, ids };
}

beforeAll(async () => {
  const [ours, theirs] = [await world(), await world()];
  owner = ours.user;
  key = await keyOf(owner, ours.workspace);
  foreign = theirs.ids;
  const often = Array(4)
    .fill([...ours.ids, owner.id])
    .flat() as string[];
  known = { ids: [...often, ...theirs.ids, theirs.user.id], emails: [`${owner.email}`], schemas: WORKSPACE_SCHEMAS };
});

/** No fault of ours, a name, and of an error its code and sentence and nothing of how we work. */
function expectSane({ status, headers, body, text }: Reply, request: MadeUp): void {
  expect([status, text]).toEqual([expect.any(Number), status < 500 ? text : 'no fault of ours']);
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/);
  if (status >= 400) {
    expect(body).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/), detail: expect.stringMatching(/./) });
    expect(text).not.toMatch(LEAK);
  }
  const sent = unescape(request.path) + Buffer.from(request.body ?? '').toString();
  expect(foreign.filter((part) => text.includes(part) && !sent.includes(part))).toEqual([]);
}

describe('Whatever is sent, the answer is one of those that the document promises', () => {
  // What takes away what the others ask for comes last.
  const turn = ({ method, path }: (typeof workspaceOperations)[number]): number =>
    method !== 'DELETE' ? 0 : path.endsWith('{workspaceId}') ? 2 : 1;
  const fuzzed = workspaceOperations
    .filter(({ path, operation }) => (operation.security ?? []).length > 0 || FOR_STRANGERS.test(path))
    .sort((a, b) => turn(a) - turn(b));
  const answered = new Map<string, Set<number>>();

  it.each(fuzzed.map((one) => [one.method, one.path, one.operation] as const))(
    '%s %s',
    async (method, path, operation) => {
      const statuses = new Set<number>();
      answered.set(`${method} ${path}`, statuses);
      const { token } = await signedIn(server.url, owner.uuid, owner.email);
      const authorization = `Bearer ${path.startsWith('/api/messages') ? key : token}`;
      await fc.assert(
        fc.asyncProperty(requestsOf(path, operation, known), async (request) => {
          const reply = await call(server.url + request.path, method, request.body, {
            authorization,
            ...request.headers,
          });
          expectSane(reply, request);
          statuses.add(reply.status);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it('and both good and bad requests were among them', () => {
    const having = (hundreds: number): number =>
      [...answered.values()].filter((all) => [...all].some((status) => Math.floor(status / 100) === hundreds)).length;
    expect(having(4)).toBeGreaterThanOrEqual(fuzzed.length - 2);
    // Chance makes no passwords, codes and tokens, nor a number that is free.
    expect(having(2)).toBeGreaterThanOrEqual(fuzzed.length / 2);
  });
});
