import { describe, expect, it } from '@jest/globals';
import type { TestCaller } from '../../support/engagement.js';
import { accepted, call } from '../../support/given.js';
import { givenInboxes, post, told } from '../../support/inbox.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenInboxes(() => server);

interface Rating {
  readonly url: string;
  readonly score: number | null;
  readonly rated_at: string | null;
}
const MISSING = [404, { message: 'Rating not found.' }];

/** A workspace that asks, where the first conversation is closed. */
async function askingInbox() {
  const inbox = await given.inbox();
  const path = `/api/ui/workspaces/${inbox.workspace.id}`;
  accepted(await inbox.owner.user!.send('PATCH', path, { asksForRatings: true }));
  expect(accepted(await inbox.owner.send('GET', '/workspace')).body.data).toMatchObject({
    settings: { asks_for_ratings: true },
  });
  await inbox.hear('Hi');
  await post(inbox.owner, '1/close');
  return inbox;
}
const ratingOf = async (caller: TestCaller, id = 1): Promise<Rating> =>
  accepted(await caller.send('GET', `/conversations/${id}/rating`)).body.data;
const tokenIn = ({ url }: Rating): string => url.split('/').at(-1)!;
/** As the contact does, without a token. */
const byLink = (token: string, method = 'GET', body?: object) =>
  call(`${server.url}/api/v1/conversations/ratings/${token}`, method, body, {});
const scoreOf = async (caller: TestCaller): Promise<unknown[]> => {
  const overview = accepted(await caller.send('GET', '/analytics/overview')).body.data;
  const team = accepted(await caller.send('GET', '/analytics/team')).body.data as { satisfaction_score: number }[];
  return [
    (overview as { conversations: { satisfaction_score: number } }).conversations.satisfaction_score,
    ...team.map((one) => one.satisfaction_score),
  ];
};

describe('A rating', () => {
  it('is given by a link, once for each closing, and may be changed', async () => {
    const { owner, hear, uuid } = await askingInbox();
    const first = await ratingOf(owner);
    expect(first).toMatchObject({ score: null, comment: null, rated_at: null, closed_at: expect.any(String) });
    expect(first.url).toMatch(/\/rate\/[\w-]{76}$/);
    const token = tokenIn(first);
    expect(told(await byLink(token))).toEqual([200, { data: { score: null, comment: null } }]);
    expect(await scoreOf(owner)).toEqual([null, null]);
    const said = { score: 2, comment: 'Slow' };
    expect(told(await byLink(token, 'POST', said))).toEqual([200, { data: said }]);
    expect(await scoreOf(owner)).toEqual([2, 2]);
    expect(told(await byLink(token, 'POST', { score: 5 }))).toEqual([200, { data: { score: 5, comment: null } }]);
    expect(await scoreOf(owner)).toEqual([5, 5]);
    expect(await ratingOf(owner)).toMatchObject({ url: first.url, score: 5, rated_at: expect.any(String) });
    await hear('Once more');
    await post(owner, '1/close');
    const second = await ratingOf(owner);
    expect([second.score, second.url === first.url]).toEqual([null, false]);
    await Promise.all([1, 2, 2].map((score) => byLink(tokenIn(second), 'POST', { score: score * 2 })));
    const { score } = await ratingOf(owner);
    expect(await scoreOf(owner)).toEqual([(5 + score!) / 2, (5 + score!) / 2]);
    const [facts] = await sql(
      `SELECT count(score)::int AS n, sum(score)::int AS total FROM ratings WHERE client_id = $1`,
      uuid,
    );
    const [stats] = await sql(
      `SELECT n::int, total::int FROM daily_stats WHERE client_id = $1 AND metric = 'ratings'`,
      uuid,
    );
    expect(stats).toEqual(facts);
  });

  it('counts for who took care of the conversation then', async () => {
    const { owner, member, hear } = await askingInbox();
    const mia = await member('agent');
    const { id } = accepted(await mia.send('GET', '/user')).body.data as { id: number };
    await hear('Hi', 2);
    await post(owner, '2/assign', { user_id: id });
    await post(owner, '2/close');
    await post(owner, '2/assign', { user_id: null });
    accepted(await byLink(tokenIn(await ratingOf(owner, 2)), 'POST', { score: 4 }));
    const team = accepted(await owner.send('GET', '/analytics/team')).body.data as { user_id: number }[];
    expect(team.find(({ user_id }) => user_id === id)).toMatchObject({ satisfaction_score: 4 });
  });

  it('is asked for by workspaces that say so alone, and is read in its own', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    await post(owner, '1/close');
    expect(told(await owner.send('GET', '/conversations/1/rating'))).toEqual(MISSING);
    expect(told(await owner.send('GET', '/conversations/77/rating'))).toEqual(MISSING);
  });

  it('is given by nothing but its link: none that was changed, of another workspace, or of what is gone', async () => {
    const [acme, globex] = [await askingInbox(), await askingInbox()];
    const token = tokenIn(await ratingOf(acme.owner));
    const bytes = Buffer.from(token, 'base64url');
    const others = Buffer.from(tokenIn(await ratingOf(globex.owner)), 'base64url');
    const changed = [0, 1, 17, 40, 41, 56].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1;
      return copy;
    });
    // Ours, said to be theirs; and theirs, said to be ours.
    const moved = [Buffer.concat([bytes.subarray(0, 1), others.subarray(1, 17), bytes.subarray(17)])];
    moved.push(Buffer.concat([others.subarray(0, 1), bytes.subarray(1, 17), others.subarray(17)]));
    const wrong = [...changed, ...moved].map((one) => one.toString('base64url'));
    for (const one of [...wrong, 'a', 'A'.repeat(76), `${token}=`, `${token.slice(0, -1)}%20`]) {
      expect([one, ...told(await byLink(one, 'POST', { score: 1 }))]).toEqual([one, ...MISSING]);
    }
    expect(await ratingOf(acme.owner)).toMatchObject({ score: null });
    expect(await ratingOf(globex.owner)).toMatchObject({ score: null });
    accepted(await acme.owner.send('DELETE', '/conversations/1'));
    expect(told(await byLink(token, 'POST', { score: 1 }))).toEqual(MISSING);
  });

  it('is a whole number from 1 to 5', async () => {
    const { owner } = await askingInbox();
    const token = tokenIn(await ratingOf(owner));
    for (const body of [{ score: 0 }, { score: 6 }, { score: 1.5 }, { score: '5' }, {}, { score: 5, rated_at: 'x' }]) {
      const reply = await byLink(token, 'POST', body);
      const field = Object.keys(body).at(-1) ?? 'score';
      expect([body, reply.status, Object.keys(reply.body.errors as object)]).toEqual([body, 422, [field]]);
    }
  });

  it('has a page, which changes nothing when it is opened', async () => {
    const { owner } = await askingInbox();
    const path = new URL((await ratingOf(owner)).url).pathname;
    for (const method of ['GET', 'HEAD']) {
      const page = await fetch(server.url + path, { method });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect(await ratingOf(owner)).toMatchObject({ score: null });
  });
});
