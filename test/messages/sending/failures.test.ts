import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../../support/exact.js';
import { accepted, given as givenOn, must, type TestClient } from '../../support/given.js';
import { atOnce, listen } from '../../support/races.js';
import { sendText as send } from '../../support/sending.js';
import { startServer, useServer } from '../../support/server.js';
import { beside, ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

beforeAll(ownDatabase);
const server = useServer(startServer);
const given = givenOn(() => server);

/** Who sends `several` messages, or one, and waits for a lock. */
const waiting = async (several: boolean): Promise<number | undefined> => {
  const [row] = await sql<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
    several ? '%batch AS%' : '%target AS%',
  );
  return row?.pid;
};

/** Somebody listens, and no event can be delivered: who sends waits for the endpoint, holding all else. */
async function whileNobodySends(
  acme: TestClient,
  story: (end: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const endpoint = { url: 'http://127.0.0.1:9/never', events: ['message.created' as const] };
  must(await acme.api.POST('/api/v1/webhook_endpoints', { body: endpoint }));
  await listen(acme);
  await beside(async (connection) => {
    await connection.query('BEGIN');
    await connection.query('SELECT FROM webhook_endpoints WHERE client_id = $1 FOR UPDATE', [acme.uuid]);
    await story(() => connection.query('COMMIT'));
  });
}

describe('A statement that sends several messages', () => {
  it('and fails for one of them leaves the others to themselves', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await sql(`ALTER TABLE messages ADD CONSTRAINT no_poison CHECK (content <> 'poison')`);
    const replies = await atOnce(30, (at) => send(acme, channel, at % 2 ? john : jane, at === 20 ? 'poison' : 'Hello'));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, (_, at) => (at === 20 ? 500 : 201)));
    const positions = replies.flatMap(({ body }) => (body.position as number | undefined) ?? []);
    expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 29 }, (_, at) => at + 1));
    await expectExactRows(acme.uuid);
  });

  it('and loses its connection answers each of them that nobody knows the outcome', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const elsewhere = await given.channel(acme, [john, jane], 'Elsewhere');
    await whileNobodySends(acme, async (end) => {
      const first = send(acme, elsewhere, jane, 'First');
      await until(() => waiting(false));
      let answered = 0;
      const lost = atOnce(5, async (at) => {
        const reply = await send(acme, channel, john, `Lost ${at}`);
        answered += 1;
        return reply;
      });
      while (answered < 5) {
        const pid = await until(async () => answered === 5 || (await waiting(true)));
        await sql('SELECT pg_terminate_backend($1)', pid === true ? null : pid);
      }
      const unknown = (await lost).map(({ status, body }) => [status, body.code]);
      expect(unknown).toEqual(Array(5).fill([503, 'outcome_unknown']));
      await end();
      accepted(await first);
    });
    expect(accepted(await send(acme, channel, john, 'Next')).body.position).toBe(1);
    await expectExactRows(acme.uuid);
  });
});
