import { beforeAll, expect, it } from '@jest/globals';
import { LIST_BY_SENDER, LIST_IN_CHANNEL, LIST_IN_CHANNEL_FOR } from '../../src/messages/messages.sql.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { Statement } from '../../src/platform/database/statement.js';
import { given as givenOn } from '../support/given.js';
import { muchSaid } from '../support/much-said.js';
import { startServer, useServer } from '../support/server.js';
import { beside, ownDatabase, sql } from '../support/sql.js';

const ROWS = 11;
/** As often as PostgreSQL plans anew before it compares, and some more. */
const TIMES = 10;
const PLANNED_ANEW = 5;

// What PostgreSQL expects of a statement hangs on all that there is.
beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(startServer);
const given = givenOn(() => server);

it('A page of many messages is not planned anew each time', async () => {
  const acme = await given.client();
  const { john, channel } = await given.pair(acme);
  await given.message(acme, channel, john);
  await muchSaid(acme.uuid, channel, john, 20_000);
  await sql('ANALYZE');
  const [room, who] = [parseId('channel', channel.id), parseId('customer', john.id)];
  const [middle] = await sql<{ id: string }>('SELECT id FROM messages WHERE position = 10000');
  const pages: Array<readonly [Statement, unknown[]]> = [
    [LIST_IN_CHANNEL.first.asc, [null, room]],
    [LIST_IN_CHANNEL.first.desc, [null, room]],
    [LIST_IN_CHANNEL.asc, [middle!.id, room]],
    [LIST_IN_CHANNEL_FOR.first.asc, [null, room, who]],
    [LIST_IN_CHANNEL_FOR.asc, [middle!.id, room, who]],
    [LIST_BY_SENDER.first.desc, [null, who, null]],
    [LIST_BY_SENDER.desc, [middle!.id, who, null]],
  ];
  await beside(async (connection) => {
    for (const [{ name, text }, [cursor, ...of]] of pages) {
      for (let time = 0; time < TIMES; time += 1) {
        const { rows } = await connection.query({ name, text, values: [acme.uuid, ROWS, cursor, ...of] });
        expect(rows).toHaveLength(ROWS);
      }
    }
    const { rows } = await connection.query('SELECT name, custom_plans::int AS anew FROM pg_prepared_statements');
    const expected = pages.map(([{ name }]) => ({ name, anew: PLANNED_ANEW }));
    expect(rows).toHaveLength(pages.length);
    expect(rows).toEqual(expect.arrayContaining(expected));
  });
});
