import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn } from '../support/given.js';
import { layerApp } from '../support/layer.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { atOnce, pick } from '../support/races.js';
import { asOperator, crowdOf, expectKept, send, type Crowd, type Sent } from '../support/sending.js';
import { ADMIN_KEY } from '../support/settings.js';
import { beside, ownDatabase, somebodyWaits, sql } from '../support/sql.js';
import { until } from '../support/until.js';

let servers: ServerProcess[];
const given = givenOn(() => servers[0]!);
const urlOf = (at: number): string => pick(servers, at).url;

beforeAll(async () => {
  await ownDatabase();
  const env = { DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web', LOG_LEVEL: 'error', ADMIN_KEY };
  servers = await Promise.all([startProcess(env), startProcess(env)]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.end('SIGTERM')));
  // What is tried again tells nobody of a deadlock; PostgreSQL does, once the last connection is gone.
  const others = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
  await until(async () => (await sql(others)).length === 0);
  const counted = 'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()';
  expect(await sql(counted)).toEqual([{ deadlocks: 0 }]);
});

const crowd = (): Promise<Crowd> => crowdOf(given);

/** The sender of that number says so much, one after the other, each when the one before was answered. */
async function say({ acme, customers, channels }: Crowd, at: number, count: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  while (sent.length < count) {
    sent.push(await send(urlOf(at), acme, pick(channels, at / 2), pick(customers, at)));
  }
  return sent;
}

function expectAll(sent: readonly Sent[]): void {
  expect(sent.filter(({ status }) => status !== 201).map(({ status, text }) => `${status} ${text}`)).toEqual([]);
}

describe('Two processes of one client', () => {
  it('keep what 128 say at once in five channels, while messages are deleted and members come and go', async () => {
    const world = await crowd();
    const { acme, channels } = world;
    const guest = await given.customer(acme, 'Guest');
    let over = false;
    const moves: Sent[] = [];
    const moving = (async () => {
      for (let at = 0; !over; at += 1) {
        const channel = pick(channels, at);
        const path = `/api/v1/channels/${channel.id}/customers`;
        accepted(await acme.send('POST', path, { customer_uuids: [guest.id] }));
        moves.push(await send(urlOf(at), acme, channel, guest));
        accepted(await acme.send('DELETE', `${path}/${guest.id}`));
      }
    })();
    const sent = await atOnce(128, async (at) => {
      const first = await say(world, at, 3);
      if (at % 4 === 0) {
        accepted(await acme.send('DELETE', `/api/v1/messages/${first[1]!.message.id}?mode=all_participants`));
      }
      return [...first, ...(await say(world, at, 3))];
    });
    over = true;
    await moving;
    expectAll([...sent.flat(), ...moves]);
    await expectKept(acme, [...sent, ...moves.map((move) => [move])]);
    await expectExactRows(acme.uuid);
  });

  it('let who is taken out of a channel, or erased, say nothing more, and the others all they have to say', async () => {
    const world = await crowd();
    const { acme, channels, customers } = world;
    const [taken, erased] = customers;
    const gone = atOnce(8, async (at) => {
      const sent: Sent[] = [];
      do {
        sent.push(await send(urlOf(at), acme, channels[0]!, at % 4 < 2 ? taken! : erased!));
      } while (sent.at(-1)!.status === 201);
      return sent;
    });
    const others = atOnce(32, (at) => say({ ...world, customers: customers.slice(2) }, at, 4));
    accepted(await acme.send('DELETE', `/api/v1/channels/${channels[0]!.id}/customers/${taken!.id}`));
    accepted(await acme.send('DELETE', `/api/v1/customers/${erased!.id}`));
    const [left, stayed] = await Promise.all([gone, others]);
    expectAll(stayed.flat());
    expectAll(left.flatMap((sent) => sent.slice(0, -1)));
    for (const { status, text } of left.map((sent) => sent.at(-1)!)) {
      expect({ status, text }).toEqual({ status: 422, text: expect.stringMatching(/Sender (is not|does not)/) });
    }
    await expectKept(acme, [...left, ...stayed]);
    await expectExactRows(acme.uuid);
  });
});

describe('A channel that is deleted', () => {
  it('takes nothing more, and nobody who speaks elsewhere notices', async () => {
    const world = await crowd();
    const { acme, channels, customers } = world;
    const [doomed, ...others] = channels;
    const page = await (await layerApp(() => servers[0]!, acme)).session(customers[0]!.id);
    const ending = atOnce(16, async (at) => {
      const sent: Sent[] = [];
      do {
        sent.push(await send(urlOf(at), acme, doomed!, pick(customers, at)));
      } while (sent.at(-1)!.status === 201);
      return sent;
    });
    const good = atOnce(48, (at) => say({ ...world, channels: others }, at, 6));
    await until(async () => (await sql('SELECT FROM messages WHERE client_id = $1', acme.uuid)).length > 50);
    const path = `/conversations/${parseId('channel', doomed!.id)}?mode=all_participants`;
    accepted(await page.send('DELETE', path));
    const [ended, stayed] = await Promise.all([ending, good]);
    expectAll([...stayed.flat(), ...ended.flatMap((sent) => sent.slice(0, -1))]);
    for (const { status, text } of ended.map((sent) => sent.at(-1)!)) {
      expect({ status, text }).toEqual({ status: 422, text: expect.stringContaining('Channel does not exist') });
    }
    // What was said in it is gone with it.
    await expectKept(acme, stayed);
    await expectExactRows(acme.uuid);
  });
});

describe('A transaction that holds a channel', () => {
  it.each([
    ['a channel', 'channels', (world: Crowd) => parseId('channel', world.channels[0]!.id)],
    ['a sender', 'customers', (world: Crowd) => parseId('customer', world.customers[0]!.id)],
  ])('holds %s, and nobody who speaks elsewhere', async (_, table, idOf) => {
    const world = await crowd();
    const { acme, channels, customers } = world;
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query(`SELECT FROM ${table} WHERE client_id = $1 AND id = $2 FOR UPDATE`, [
        acme.uuid,
        idOf(world),
      ]);
      let said = 0;
      const held = atOnce(3, async () => {
        const sent = await send(urlOf(0), acme, channels[0]!, customers[0]!);
        said += Number(sent.status === 201);
        return sent;
      });
      await until(somebodyWaits);
      const elsewhere = { ...world, channels: channels.slice(1), customers: customers.slice(1) };
      const free = await atOnce(16, (at) => say(elsewhere, 2 * at, 2));
      expect(said).toBe(0);
      await connection.query('COMMIT');
      const late = await held;
      expectAll(free.flat());
      // Who waits too long is told that nothing was done.
      expect(late.filter(({ status }) => status !== 201 && status !== 503)).toEqual([]);
      await expectKept(acme, [...free, ...late.map((sent) => [sent])]);
      await expectExactRows(acme.uuid);
    });
  });

  it('holds twelve who speak in it, and nobody in a channel into which both processes send all the time', async () => {
    const world = await crowd();
    const { acme, channels, customers } = world;
    const [stalled, busy] = channels;
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query('SELECT FROM channels WHERE client_id = $1 AND id = $2 FOR UPDATE', [
        acme.uuid,
        parseId('channel', stalled!.id),
      ]);
      const held = atOnce(12, (at) => send(urlOf(0), acme, stalled!, customers[at]!));
      await until(somebodyWaits);
      const elsewhere = { ...world, channels: [busy!], customers: customers.slice(12) };
      const free = await atOnce(64, (at) => say(elsewhere, at, 6));
      await connection.query('COMMIT');
      const late = await held;
      expectAll(free.flat());
      // Who waits too long is told that nothing was done.
      expect(late.filter(({ status }) => status !== 201 && status !== 503)).toEqual([]);
      await expectKept(acme, [...free, ...late.map((sent) => [sent])]);
      await expectExactRows(acme.uuid);
    });
  });
});

describe('One bad message among many', () => {
  it('fails alone, with an answer of its own', async () => {
    const world = await crowd();
    const { acme, channels, customers } = world;
    const globex = await crowd();
    const [room, john] = [channels[0]!, customers[0]!];
    const stranger = await given.customer(acme, 'Stranger');
    const { message: first } = await send(urlOf(0), acme, room, john, { extra: { id: randomUUID() } });
    const bad: ReadonlyArray<readonly [number, string, () => Promise<Sent>]> = [
      [422, 'Sender is not a participant', () => send(urlOf(0), acme, room, stranger)],
      [422, 'Sender does not exist', () => send(urlOf(0), acme, room, globex.customers[0]!)],
      [422, 'Channel does not exist', () => send(urlOf(0), acme, globex.channels[0]!, john)],
      [422, 'content field', () => send(urlOf(0), acme, room, john, { content: '' })],
      [409, 'id_in_use', () => send(urlOf(0), acme, room, john, { extra: { id: first.id } })],
    ];
    const good = atOnce(64, (at) => say(world, 2 * at, 2));
    const refused = await atOnce(20, async (at) => ({ expected: pick(bad, at), sent: await pick(bad, at)[2]() }));
    const sent = await good;
    for (const { expected, sent } of refused) {
      expect(sent).toMatchObject({ status: expected[0], text: expect.stringContaining(expected[1]) });
    }
    expectAll(sent.flat());
    const taken = { content: '', status: 201, message: first, text: '' };
    await expectKept(acme, [...sent, [taken]]);
    await expectKept(globex.acme, []);
    await expectExactRows(acme.uuid);
  });

  it('is not a client’s that was disabled meanwhile: what it was answered is what there is, and nobody else notices', async () => {
    const [world, globex] = [await crowd(), await crowd()];
    const ending = atOnce(8, async (at) => {
      const sent: Sent[] = [];
      do {
        sent.push(...(await say(globex, at, 1)));
      } while (sent.at(-1)!.status === 201);
      return sent;
    });
    await until(async () => (await sql('SELECT FROM messages WHERE client_id = $1', globex.acme.uuid)).length > 8);
    const disabling = asOperator(urlOf(0), 'DELETE', `/clients/${globex.acme.id}`);
    const good = await atOnce(32, (at) => say(world, at, 4));
    await disabling;
    const ended = await ending;
    expectAll([...good.flat(), ...ended.flatMap((sent) => sent.slice(0, -1))]);
    expect(ended.map((sent) => sent.at(-1)!.status)).toEqual(ended.map(() => 401));
    await expectKept(globex.acme, ended);
    await expectKept(world.acme, good);
    await expectExactRows(world.acme.uuid);
    await expectExactRows(globex.acme.uuid);
  });
});
