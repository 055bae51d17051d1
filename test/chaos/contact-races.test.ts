import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenTeams, type TestCaller } from '../support/engagement.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { sendFile } from '../support/imports.js';
import { led } from '../support/merges.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { SETTINGS } from '../support/settings.js';
import { beside, ownDatabase, somebodyWaits } from '../support/sql.js';
import { until } from '../support/until.js';

let processes: readonly [ServerProcess, ServerProcess];
beforeAll(async () => {
  await ownDatabase();
  const env = { ...SETTINGS, DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error', ROLE: 'web' };
  const settings = { ...env, RATE_LIMIT: 'off' };
  processes = await Promise.all([startProcess(settings), startProcess(settings)]);
});
afterAll(() => Promise.all(processes.map((one) => one.end('SIGTERM'))));

const given = givenOn(() => processes[0]);
/** A workspace, and its key at either process. */
async function workspace(): Promise<{ acme: TestClient; here: TestCaller; there: TestCaller; each: TestCaller[] }> {
  const acme = await given.client();
  const [here, there] = processes.map((at) => givenTeams(() => at).caller(acme.secretKey, null)) as [
    TestCaller,
    TestCaller,
  ];
  return { acme, here, there, each: [here, there] };
}
/** Asks both processes by turns, all at once. */
const race = (each: readonly TestCaller[], count: number, ask: (at: TestCaller, turn: number) => Promise<Reply>) =>
  Promise.all(Array.from({ length: count }, (_, turn) => ask(each[turn % each.length]!, turn)));
const counts = (replies: readonly Reply[]): Record<number, number> => {
  const all: Record<number, number> = {};
  replies.forEach(({ status }) => (all[status] = (all[status] ?? 0) + 1));
  return all;
};
interface Contact {
  readonly id: number;
  readonly uuid: string;
  readonly email: string;
  readonly company: string | null;
  readonly city: string | null;
}
const contacts = async (by: TestCaller): Promise<Contact[]> =>
  accepted(await by.send('GET', '/contacts?per_page=100')).body.data as Contact[];
const contact = async (by: TestCaller, id: number): Promise<Contact> =>
  accepted(await by.send('GET', `/contacts/${id}`)).body.data as Contact;
const make = async (by: TestCaller, name: string): Promise<Contact> =>
  accepted(await by.send('POST', '/contacts', { first_name: name, email: `${name}@example.com` })).body.data as Contact;

describe('At two processes at once', () => {
  it('fifty contacts of one e-mail are one, and who comes late is told', async () => {
    const { acme, here, each } = await workspace();
    const email = 'anna@example.com';
    const replies = await race(each, 50, (at, turn) =>
      at.send('POST', '/contacts', { first_name: `Anna ${turn}`, email }),
    );
    expect(counts(replies)).toEqual({ 201: 1, 422: 49 });
    const refused = replies.find(({ status }) => status === 422)!;
    expect(refused.body).toEqual({
      errors: { email: ['A contact with this email already exists in this workspace.'] },
    });
    const winner = replies.find(({ status }) => status === 201)!.body.data as Contact;
    expect((await contacts(here)).map(({ id, uuid }) => [id, uuid])).toEqual([[winner.id, winner.uuid]]);
    await expectExactRows(acme.uuid);
  });

  it('contacts, customers of the core and rows of a file with one e-mail are one', async () => {
    const { acme, here, there, each } = await workspace();
    for (let round = 0; round < 5; round += 1) {
      const email = `anna${round}@example.com`;
      const [made, inCore, imported] = await Promise.all([
        race(each, 10, (at) => at.send('POST', '/contacts', { first_name: 'Anna', email })),
        race(each, 10, (at) => at.send('POST', '/customers', { name: 'Anna', email }, acme.headers)),
        Promise.all([...processes, ...processes].map((at) => sendFile(at, here, `email,first_name\n${email},Anna\n`))),
      ]);
      // One was first, by whichever road.
      const isFirst = [
        ...made.map(({ status }) => status === 201),
        ...inCore.map(({ status }) => status === 201),
        ...imported.map(({ body }) => body.created === 1 || body.data?.created === 1),
      ];
      expect(isFirst.filter(Boolean)).toHaveLength(1);
      expect([...new Set(made.map(({ status }) => status))].filter((status) => ![201, 422].includes(status))).toEqual(
        [],
      );
      expect(new Set([...inCore, ...imported].map(({ status }) => Math.floor(status / 100)))).toEqual(new Set([2]));
      expect(await contacts(there)).toHaveLength(round + 1);
    }
    await expectExactRows(acme.uuid);
  });

  it('a file and single contacts make each of its rows once, and the file tells of all of them', async () => {
    const { acme, here, there } = await workspace();
    const names = Array.from({ length: 40 }, (_, at) => `c${at}`);
    const file = `email,first_name,company\n${names.map((name) => `${name}@example.com,${name},Acme`).join('\n')}\n`;
    const [imported, ...made] = await Promise.all([
      sendFile(processes[0], here, file),
      ...names.map((name) => there.send('POST', '/contacts', { first_name: name, email: `${name}@example.com` })),
    ]);
    const { created, updated, skipped } = accepted(imported).body.data as Record<string, number>;
    const alone = counts(made)[201] ?? 0;
    expect([counts(made)[422] ?? 0, created, updated, skipped]).toEqual([40 - alone, 40 - alone, alone, 0]);
    const all = await contacts(here);
    expect(all.map(({ email }) => email).sort()).toEqual(names.map((name) => `${name}@example.com`).sort());
    expect(new Set(all.map(({ company }) => company))).toEqual(new Set(['Acme']));
    expect(new Set(all.map(({ id }) => id)).size).toBe(40);
    await expectExactRows(acme.uuid);
  });

  it('a contact is merged while both are changed, and what was acknowledged is in the one that is left', async () => {
    const { acme, here, there, each } = await workspace();
    for (let round = 0; round < 8; round += 1) {
      const [stays, goes] = [await make(here, `stays${round}`), await make(there, `goes${round}`)];
      const [merged, toStays, toGoes] = await Promise.all([
        each[round % 2]!.send('POST', `/contacts/${stays.id}/merge`, { other_id: goes.id }),
        race(each, 6, (at, turn) => at.send('PATCH', `/contacts/${stays.id}`, { company: `Acme ${turn}` })),
        race(each, 6, (at, turn) => at.send('PATCH', `/contacts/${goes.id}`, { city: `Rome ${turn}` })),
      ]);
      accepted(merged);
      toStays.forEach(accepted);
      // Once it is part of another, nobody changes it any more.
      expect(Object.keys(counts(toGoes)).filter((status) => !['200', '404'].includes(status))).toEqual([]);
      const left = await contact(there, stays.id);
      expect(left).toMatchObject({ email: `stays${round}@example.com`, company: expect.stringMatching(/^Acme \d$/) });
      const written = toGoes.flatMap(({ status }, turn) => (status === 200 ? [`Rome ${turn}`] : []));
      expect(written.length === 0 ? [null] : written).toContain(left.city);
      expect(await led(processes[1], there, `/contacts/${goes.id}`)).toEqual([301, `/api/v1/contacts/${stays.id}`]);
    }
    expect(await contacts(here)).toHaveLength(8);
    await expectExactRows(acme.uuid);
  });

  it.each(['PATCH', 'POST'])(
    'a contact that is waited for by a %s keeps what was said of it meanwhile',
    async (method) => {
      const { acme, here } = await workspace();
      const anna = await make(here, 'anna');
      const others = [await make(here, 'ben'), await make(here, 'carl')];
      const change = () =>
        method === 'PATCH'
          ? here.send('PATCH', `/contacts/${anna.id}`, { company: 'Acme' })
          : here.send('POST', `/contacts/${anna.id}/merge`, { other_id: others.pop()!.id });
      const of = `client_id = '${acme.uuid}' AND`;
      const said = `UPDATE contacts SET city = 'Rome', status = 'unsubscribed' WHERE ${of} customer_id = '${anna.uuid}'`;
      // Whoever changes a contact holds its customer; whoever unsubscribes one does not.
      for (const first of [`SELECT FROM customers WHERE ${of} id = '${anna.uuid}' FOR NO KEY UPDATE`, 'SELECT 1']) {
        await beside(async (other) => {
          await other.query(
            `UPDATE contacts SET city = NULL, status = 'active' WHERE ${of} customer_id = '${anna.uuid}'`,
          );
          await other.query('BEGIN');
          await other.query(first);
          await other.query(said);
          const waiting = change();
          await until(somebodyWaits);
          await other.query('COMMIT');
          accepted(await waiting);
        });
        expect(await contact(here, anna.id)).toMatchObject({ city: 'Rome', status: 'unsubscribed' });
      }
      await expectExactRows(acme.uuid);
    },
  );
});
