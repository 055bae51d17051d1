import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BACKFILL } from '../../migrations/1795702000000-MessageSearch.js';
import { HOLD, WRITE } from '../../src/engagement/message-search/message-search.sql.js';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import type { TestCaller } from '../support/engagement.js';
import { accepted, given as givenOn } from '../support/given.js';
import { givenInboxes, list, show } from '../support/inbox.js';
import { MailServer } from '../support/mail-server.js';
import { ANNA, LOGIN, MailShop } from '../support/mail-shop.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { beside, ownDatabase, somebodyWaits, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);

/** More than workers write while they are killed. */
const SAID = 20_000;
const KILLS = 3;

const found = async (caller: TestCaller, search: string): Promise<number[]> =>
  (await list(caller, `?in=messages&search=${search}`)).map(({ id }) => id);
const many = async (table: string, uuid: string): Promise<number> =>
  (await sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE client_id = $1`, uuid))[0]!.n;

/** As if it had all been said before there was a search. */
async function talkMuch(uuid: string, most: number): Promise<void> {
  await sql(
    `INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
     SELECT client_id, channel_id, position + n, gen_random_uuid(), sender_id, type, 'Parcel no. ' || n || ' is late', created_at
     FROM messages, generate_series(1, $2::int - 1) n WHERE client_id = $1`,
    ...[uuid, most],
  );
  await sql(
    `UPDATE channels SET last_position = $2, message_count = $2 WHERE client_id = $1 AND address_id IS NOT NULL`,
    uuid,
    most,
  );
  await sql(`DELETE FROM search_jobs WHERE client_id = $1`, uuid);
  await sql(BACKFILL);
}

describe('While nothing but the test writes what is searched', () => {
  const server = useServer(startServer);
  const given = givenInboxes(() => server);

  it('the newest is written first, however much was said before', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hello');
    await talkMuch(uuid, 1_000);
    await hear('Swordfish');
    await sql(HOLD.text, uuid);
    await sql(WRITE.text, uuid);
    expect([await found(owner, 'swordfish'), await found(owner, 'hello')]).toEqual([[1], []]);
    expect(await many('search_jobs', uuid)).toBeGreaterThan(0);
    await sql('DELETE FROM search_jobs WHERE client_id = $1', uuid);
  });

  it('a message that is deleted meanwhile is not found', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Swordfish');
    const [said] = (await show(owner, 1)).messages;
    await beside(async (worker) => {
      await worker.query('BEGIN');
      expect((await worker.query(HOLD.text, [uuid])).rows).toEqual([{ isHeld: true }]);
      const deletion = owner.send('DELETE', `/messages/${formatId('message', said!.uuid)}?mode=all_participants`);
      await until(somebodyWaits);
      expect((await worker.query(WRITE.text, [uuid])).rows).toEqual([{ jobs: 1 }]);
      await worker.query('COMMIT');
      accepted(await deletion);
    });
    expect([await found(owner, 'swordfish'), await many('message_words', uuid)]).toEqual([[], 0]);
  });

  it('nothing is written while a message is being deleted, and nobody waits for that', async () => {
    const { hear, uuid } = await given.inbox();
    await hear('Swordfish');
    await beside(async (deletion) => {
      await deletion.query('BEGIN');
      await deletion.query(`UPDATE messages SET deleted_at = now(), content = '' WHERE client_id = $1`, [uuid]);
      expect(await sql(HOLD.text, uuid)).toEqual([{ isHeld: false }]);
      await deletion.query('COMMIT');
    });
    expect(await sql(HOLD.text, uuid)).toEqual([{ isHeld: true }]);
    await sql(WRITE.text, uuid);
    expect([await many('message_words', uuid), await many('search_jobs', uuid)]).toEqual([0, 0]);
  });

  it('what workers did not write before they were killed, others write', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hello');
    await talkMuch(uuid, SAID);
    const env = { ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' };
    let worker: ServerProcess = await startProcess(env);
    for (let kills = 0, before = 0; kills < KILLS; kills += 1) {
      // One that is done sooner than this looks again is killed all the same.
      before = await until(async () => {
        const [now, left] = [await many('message_words', uuid), await many('search_jobs', uuid)];
        return now > before || left === 0 ? now : null;
      });
      await worker.end('SIGKILL');
      worker = await startProcess(env);
    }
    await hear('Swordfish');
    await until(async () => (await found(owner, 'swordfish')).length > 0);
    await until(async () => (await many('search_jobs', uuid)) === 0, 200);
    expect(await many('message_words', uuid)).toBe(SAID + 1);
    expect([await found(owner, 'hello'), await found(owner, 'no. 19999'), await found(owner, '20000')]).toEqual([
      [1],
      [1],
      [],
    ]);
    expect(await worker.end('SIGTERM')).toBe(0);
  }, 400_000);
});

describe('With a worker', () => {
  const server = useServer(() => startServer({ ROLE: 'all', INBOUND_MAIL_DOMAIN: 'in.parlance.example' }));
  const given = givenOn(() => server);
  const shops: MailShop[] = [];
  afterAll(() => Promise.all(shops.map(({ mails }) => mails.stop())));

  it('the whole of a mail is found, until it is deleted or its contact is erased', async () => {
    const client = await given.client();
    const shop = new MailShop(server, client, new MailServer(LOGIN));
    shops.push(shop);
    const ask = async (search: string): Promise<number[]> => {
      const { body } = accepted(await client.send('GET', `/api/v1/conversations?in=messages&search=${search}`));
      return (body.data as { id: number }[]).map(({ id }) => id);
    };
    const isFound = (search: string) => until(async () => (await ask(search)).length > 0);
    await shop.open();
    shop.channelId = await shop.hear(`To: support@shop.example
From: Anna <${ANNA}>
Message-ID: <a1@example.org>
Subject: The cherries

${'Apples and pears.\n'.repeat(2_000)}
Plums.
`);
    await isFound('plums');
    expect([await ask('cherries'), await ask('plums apples'), await ask('lemons')]).toEqual([[1], [1], []]);
    await shop.say('Grapes');
    await isFound('grapes');
    expect(await ask('grapes cherries')).toEqual([1]);
    const [contact] = await sql<{ id: string }>(
      `SELECT contact_id AS id FROM conversations WHERE client_id = $1`,
      client.uuid,
    );
    accepted(await client.send('DELETE', `/api/v1/customers/${formatId('customer', contact!.id)}`));
    expect([await ask('plums'), await ask('apples')]).toEqual([[], []]);
    // What the shop said is still there, but not what is left of its mail.
    await isFound('grapes');
    expect([await ask('grapes cherries'), await ask('cherries')]).toEqual([[], []]);
  });
});
