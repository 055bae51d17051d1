import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { fakeTwilio, WELL, type Manner, type TwilioMessage } from '../support/fake-twilio.js';
import { accepted } from '../support/given.js';
import { miscounted, type Delivery } from '../support/phones.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const MESSAGES = 160;
const KILLS = 5;
const NUMBER = '+14155550100';
const PUBLIC_URL = 'https://chat.example.com';

beforeAll(ownDatabase);
let twilio: Awaited<ReturnType<typeof fakeTwilio>>;
const SECRETS_KEY = '7'.repeat(64);
const server = useServer(async () => {
  twilio = await fakeTwilio([NUMBER]);
  return startServer({ ROLE: 'web', PUBLIC_URL, SECRETS_KEY, TWILIO_URL: twilio.url });
});
const users = givenUsers(() => server);

describe('kill -9 of workers, while Twilio stalls, resets, answers late, doubles and reorders', () => {
  it('calls for each message at most once, and the books agree', async () => {
    const { owner, workspace } = await users.team({ livemode: true });
    const path = (to: string): string => inWorkspace(workspace, to);
    const { accountSid, authToken } = twilio;
    accepted(await owner.send('PUT', path('/provider'), { kind: 'twilio', accountSid, authToken }));
    accepted(await owner.send('POST', path('/phone-numbers'), { number: NUMBER }));
    const uuid = parseId('client', workspace.id)!;

    /** Everything twice, and the end before the beginning. */
    const tellAll = async (message: TwilioMessage): Promise<void> => {
      for (const status of ['delivered', 'sent', 'queued', 'delivered', 'sent']) {
        expect(await twilio.tell(message, status, { publicUrl: PUBLIC_URL, serverUrl: server.url })).toBe(204);
      }
    };
    const told: Promise<void>[] = [];
    const laterTold = (message: TwilioMessage): Promise<void> => {
      setTimeout(() => told.push(tellAll(message)), 200 + Math.random() * 800);
      return Promise.resolve();
    };
    const busy = new Set<string>();
    const mannerOf = (body: string): Manner => {
      const kind = Number(body.split(' ')[1]) % 16;
      if (kind === 0 && !busy.has(body)) {
        busy.add(body);
        return { takes: false, answers: { status: 429, code: 20429, message: 'Too Many Requests' } };
      }
      const manners: Readonly<Record<number, Manner>> = {
        1: { takes: true, answers: 'never', before: laterTold },
        2: { takes: false, answers: 'never' },
        3: { takes: true, answers: 'reset', before: laterTold },
        4: { takes: false, answers: 'reset' },
        5: { takes: true, answers: 'late', before: tellAll },
        6: { takes: true, answers: 'late', before: laterTold },
        7: { takes: true, answers: { status: 503, code: 20503, message: 'Unavailable' }, before: laterTold },
      };
      return manners[kind] ?? { ...WELL, before: laterTold };
    };
    twilio.manner = ({ body }) => mannerOf(body);

    const env = {
      ...SETTINGS,
      ...{ ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' },
      ...{ PUBLIC_URL, SECRETS_KEY, TWILIO_URL: twilio.url },
    };
    /** As if leases had ended, and it were time to ask again. */
    const hurry = setInterval(
      () =>
        void sql(
          `UPDATE delivery_jobs SET next_attempt_at = now()
           WHERE next_attempt_at > now() AND (kind <> 'send' OR created_at < now() - interval '5 seconds')`,
        ).catch(() => undefined),
      1_000,
    );
    const workers: ServerProcess[] = [await startProcess(env), await startProcess(env)];
    const said = (async () => {
      for (let at = 0; at < MESSAGES; at += 1) {
        const to = `+1415556${String(at).padStart(4, '0')}`;
        accepted(await owner.send('POST', path('/messages'), { to, body: `Hello ${at}` }));
      }
    })();
    for (let kills = 0; kills < KILLS; kills += 1) {
      workers.push(await startProcess(env));
      await workers.shift()!.end('SIGKILL');
    }
    await said;
    await until(async () => (await sql('SELECT FROM delivery_jobs')).length === 0);
    clearInterval(hurry);
    expect(await Promise.all(workers.map((worker) => worker.end('SIGTERM')))).toEqual([0, 0]);
    // Whatever Twilio took it tells of in the end.
    await until(
      () => told.length >= twilio.messages.filter(({ body }) => Number(body.split(' ')[1]) % 16 !== 5).length,
    );
    await Promise.all(told);

    const all = await sql<Delivery & { readonly provider_message_id: string | null }>(
      `SELECT * FROM deliveries WHERE client_id = $1`,
      uuid,
    );
    expect(all).toHaveLength(MESSAGES);
    const calls = new Map<string, number>();
    twilio.calls.forEach(({ body }) => calls.set(body, (calls.get(body) ?? 0) + 1));
    // One that was too busy surely did nothing, and is called again.
    const often = [...calls].filter(([body, count]) => count > (busy.has(body) ? 2 : 1));
    expect(often).toEqual([]);
    const sids = all.flatMap(({ provider_message_id: sid }) => sid ?? []).sort();
    expect(sids).toEqual(twilio.messages.map(({ sid }) => sid).sort());
    const ends = new Set(
      all.map(({ status, error_code, provider_message_id: sid }) => [sid !== null, status, error_code].join()),
    );
    expect([...ends].sort()).toEqual(['false,failed,outcome_unknown', 'true,delivered,']);
    expect(sids.length).toBeGreaterThan(MESSAGES / 2);
    expect(await miscounted({ uuid })).toEqual([]);
    await twilio.close();
  }, 600_000);
});
