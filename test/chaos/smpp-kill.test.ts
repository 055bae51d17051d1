import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted } from '../support/given.js';
import { miscounted, OUR_NUMBER, type Delivery } from '../support/phones.js';
import { startProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { smsc, textIn } from '../support/smsc.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const MESSAGES = 60;
const WINDOW = 3;
const SECRETS_KEY = '7'.repeat(64);

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'web', SECRETS_KEY }));
const users = givenUsers(() => server);

describe('kill -9 of a worker that is bound to a slow SMPP server', () => {
  it('leaves no more messages in doubt than were on their way, and sends none twice', async () => {
    const network = await smsc();
    const { owner, workspace } = await users.team();
    const uuid = parseId('client', workspace.id)!;
    const path = (to: string): string => inWorkspace(workspace, to);
    const account = { kind: 'smpp', host: '127.0.0.1', port: network.port, systemId: 'acme', password: 'secret' };
    const paced = (mps: number) =>
      owner.send('PUT', path('/provider'), { ...account, window: WINDOW, mps }).then(accepted);
    await paced(2);
    accepted(await owner.send('POST', path('/phone-numbers'), { number: OUR_NUMBER }));
    await sql(`UPDATE addresses SET verified_at = now(), is_default = true WHERE client_id = $1`, uuid);
    for (let at = 0; at < MESSAGES; at += 1) {
      const to = `+1415556${String(at).padStart(4, '0')}`;
      accepted(await owner.send('POST', path('/messages'), { to, body: `Hello ${at}` }));
    }

    const env = {
      ...{ ...SETTINGS, ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL! },
      ...{ LOG_LEVEL: 'error', SECRETS_KEY },
    };
    const first = await startProcess(env);
    // What is taken now is never answered.
    network.answer = (pdu, session) => (network.submits.length > 4 ? undefined : network.takes(pdu, session));
    await until(() => network.submits.length > 4 + WINDOW - 1 || null);
    const noted = `SELECT FROM deliveries WHERE client_id = $1 AND status = 'sent'`;
    await until(async () => (await sql(noted, uuid)).length === 4);
    await first.end('SIGKILL');

    network.answer = network.takes;
    await paced(1_000);
    // As if the leases of the first had ended. Those of the second stand, however slow it is: a lease that ends doubts a call.
    await sql(`UPDATE delivery_jobs SET next_attempt_at = now()`);
    const second = await startProcess(env);
    /** As if it were time to ask again. */
    const hurry = setInterval(
      () => void sql(`UPDATE delivery_jobs SET next_attempt_at = now() WHERE kind <> 'send'`).catch(() => undefined),
      2_000,
    );
    await until(async () => (await sql('SELECT FROM delivery_jobs')).length === 0);
    clearInterval(hurry);
    expect(await second.end('SIGTERM')).toBe(0);

    const all = await sql<Delivery>(`SELECT * FROM deliveries WHERE client_id = $1`, uuid);
    const doubted = all.filter(({ status }) => status !== 'sent');
    expect(doubted.map(({ error_code }) => error_code)).toEqual(Array(WINDOW).fill('outcome_unknown'));
    const texts = network.submits.map(textIn);
    expect([texts.length, new Set(texts).size]).toEqual([MESSAGES, MESSAGES]);
    expect(await miscounted({ uuid })).toEqual([]);
    await network.close();
  }, 600_000);
});
