import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import smpp from 'smpp';
import { accepted, type Reply } from '../support/given.js';
import { miscounted, OUR_NUMBER } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { givenSmpp, SMPP_ACCOUNT } from '../support/smpp.js';
import { smsc } from '../support/smsc.js';
import { ownDatabase, sql } from '../support/sql.js';
import { PHONE } from '../support/texting.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const error = ({ status, body }: Reply): [number, string] => [status, (body as { error: string }).error];

let network: Awaited<ReturnType<typeof smsc>>;
beforeEach(async () => {
  network = await smsc();
});
afterEach(() => network.close());
const { asked, bound } = givenSmpp(
  () => server,
  () => network,
);

describe('An SMPP server', () => {
  it('is set with what it takes, and shows no secret', async () => {
    const { ask, uuid } = await bound();
    expect(accepted(await ask('GET', '/provider')).body).toMatchObject({
      ...{ kind: 'smpp', accountSid: 'acme', last4: null, inboundUrl: null, warnings: [], lastError: null },
    });
    const rows = await sql(
      `SELECT public, encode(secret, 'escape') AS seen FROM messaging_providers WHERE client_id = $1`,
      uuid,
    );
    expect(JSON.stringify(rows)).not.toContain('secret"');
    // The bind is taken already, and the password right.
    accepted(await ask('PUT', '/provider', { ...SMPP_ACCOUNT, port: network.port, window: 5 }));
  });

  it.each<[string, object, string]>([
    ['has no port', { port: undefined }, 'missing_params'],
    ['is inside', { host: '10.0.0.1' }, 'invalid_params'],
    ['is no host', { host: 'a b' }, 'invalid_params'],
    ['is a path', { host: 'smpp.example.com/x' }, 'invalid_params'],
    ['asks for what is none of SMPP', { url: 'https://example.com' }, 'invalid_params'],
    ['has a password that is none', { password: 'ü' }, 'invalid_params'],
    ['refuses the password', { password: 'wrong' }, 'provider_rejected'],
  ])('that %s is refused', async (_, settings, code) => {
    const { ask } = await asked();
    expect(error(await ask('PUT', '/provider', { ...SMPP_ACCOUNT, port: network.port, ...settings }))).toEqual([
      400,
      code,
    ]);
  });

  it('takes messages, and its receipts tell what became of them', async () => {
    const { say, reaching, uuid } = await bound();
    const sid = await say('Hi there');
    const [pdu] = await network.of('Hi there');
    expect(pdu).toMatchObject({ source_addr: OUR_NUMBER.slice(1), destination_addr: PHONE.slice(1) });
    const { providerMessageId } = await reaching(sid, 'sent');
    expect(await network.receipt(String(providerMessageId), 'DELIVRD')).toBe(0);
    expect(await reaching(sid, 'delivered')).toMatchObject({ provider: 'smpp', attempts: 1, segments: 1 });
    expect(await network.receipt(String(providerMessageId), 'UNDELIV')).toBe(0);
    expect(await reaching(sid, 'delivered')).toMatchObject({ errorCode: null });
    expect(await network.receipt('none-of-ours', 'DELIVRD')).toBe(0);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('may send a receipt before the response, in a number format of its own', async () => {
    const { say, reaching } = await bound({ dlrIdFormat: 'dec' });
    network.answer = (pdu, session) => {
      const late = (): void => void session.send(pdu.response({ message_id: '00FF' }));
      void network.receipt('255', 'UNDELIV');
      setImmediate(late);
    };
    expect(await reaching(await say(), 'undelivered')).toMatchObject({
      ...{ providerMessageId: '255', errorCode: 'unreachable', attempts: 1 },
    });
  });

  it('refuses a message for good, or only now', async () => {
    const { say, reaching, uuid } = await bound();
    network.answer = (pdu, session) =>
      void session.send(pdu.response({ command_status: smpp.errors['ESME_RINVDSTADR'] }));
    expect(await reaching(await say(), 'failed')).toMatchObject({ errorCode: 'invalid_number', attempts: 1 });
    network.answer = (pdu, session) => {
      network.answer = network.takes;
      session.send(pdu.response({ command_status: smpp.errors['ESME_RTHROTTLED'] }));
    };
    const sid = await say('again');
    await network.of('again');
    await until(
      async () =>
        (
          await sql(
            `UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1 AND tries = 1 RETURNING id`,
            uuid,
          )
        )[0] ?? null,
      20,
    );
    expect(await reaching(sid, 'sent')).toMatchObject({ attempts: 2 });
    expect(await network.of('again')).toHaveLength(2);
  });

  it('is not sent a message again where nobody knows what came of it', async () => {
    const { say, uuid } = await bound();
    network.answer = (_, session) => session.destroy();
    await say('once');
    await until(
      async () =>
        (await sql(`SELECT id FROM delivery_jobs WHERE client_id = $1 AND kind = 'reconcile'`, uuid))[0] ?? null,
      20,
    );
    network.answer = network.takes;
    // Bound anew, and sending.
    await say('next');
    await network.of('next');
    expect(await network.of('once')).toHaveLength(1);
  });

  it('gets no more at once than its window, and no more a second than it takes', async () => {
    const { say, reaching } = await bound({ window: 2, mps: 20 });
    let most = 0;
    const held: (() => void)[] = [];
    network.answer = (pdu, session) => {
      held.push(() => network.takes(pdu, session));
      most = Math.max(most, held.length);
      setTimeout(() => held.shift()?.(), 30);
    };
    const sids = await Promise.all(Array.from({ length: 8 }, (_, at) => say(`w${at}`)));
    await Promise.all(sids.map((sid) => reaching(sid, 'sent')));
    expect(most).toBeLessThanOrEqual(2);
  });

  it('is called for no message before its turn, however long others hold it up', async () => {
    const { say, reaching, uuid } = await bound({ mps: 2 });
    const sids = await Promise.all(Array.from({ length: 4 }, (_, at) => say(`turn ${at}`)));
    await until(
      async () => (await sql(`SELECT FROM delivery_jobs WHERE client_id = $1 AND attempts = 0`, uuid)).length === 0,
    );
    const called = await sql(`SELECT FROM deliveries WHERE client_id = $1 AND submitted_at IS NOT NULL`, uuid);
    expect(called.length).toBeLessThanOrEqual(network.submits.length + 1);
    // As if the time of whoever has them were over.
    await sql(`UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1`, uuid);
    const sent = await Promise.all(sids.map((sid) => reaching(sid, 'sent')));
    expect(sent.map(({ attempts }) => attempts)).toEqual(sids.map(() => 1));
    expect(network.submits).toHaveLength(sids.length);
  });

  it('hands over what phones send, answered once it is stored', async () => {
    const { inbound, uuid } = await bound();
    expect(await network.say(PHONE, OUR_NUMBER, 'Hi! €')).toBe(0);
    expect(await inbound()).toMatchObject([{ body: 'Hi! €', from: PHONE, status: 'received' }]);
    // The very same text again is another message; in a new session it is the one that nobody answered.
    expect(await network.say(PHONE, OUR_NUMBER, 'Hi! €')).toBe(0);
    expect(await inbound()).toHaveLength(2);
    const [session] = network.binds;
    session!.destroy();
    await until(() => (network.binds[0] && network.binds[0] !== session ? network.binds[0] : null));
    expect(await network.say(PHONE, OUR_NUMBER, 'Hi! €')).toBe(0);
    expect(await inbound()).toHaveLength(2);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('is told where it hands over what is for nobody', async () => {
    const { inbound, lastError } = await bound();
    expect(await network.say(PHONE, '+15005550099', 'Hi')).toBe(smpp.errors['ESME_RINVDSTADR']);
    expect(await lastError()).toBe('Nobody here has the number +15005550099');
    const binary = { source_addr: '1', data_coding: 4, short_message: Buffer.from([1, 2]) };
    expect(await network.deliver(binary)).toBe(smpp.errors['ESME_RX_R_APPN']);
    expect(await inbound()).toEqual([]);
  });

  it('hands over long messages in parts, in whatever order and more than once', async () => {
    const { inbound } = await bound();
    const part = (reference: number, number: number, message: string) =>
      network.say(PHONE, OUR_NUMBER, { udh: Buffer.from([5, 0, 3, reference, 3, number]), message });
    expect(await part(7, 3, 'three')).toBe(0);
    expect(await part(7, 1, 'one ')).toBe(0);
    expect(await part(7, 1, 'one ')).toBe(0);
    expect(await inbound()).toEqual([]);
    expect(await part(7, 2, 'two ')).toBe(0);
    expect(await inbound()).toMatchObject([{ body: 'one two three' }]);
    expect(await part(7, 2, 'two ')).toBe(0);
    expect(await inbound()).toHaveLength(1);
    for (const [at, text] of ['a', 'b', 'c'].entries()) {
      expect(await part(7, at + 1, text)).toBe(0);
    }
    expect((await inbound()).map(({ body }) => body)).toEqual(['abc', 'one two three']);
  });

  it('gets STOP obeyed', async () => {
    const { ask } = await bound();
    expect(await network.say(PHONE, OUR_NUMBER, 'STOP')).toBe(0);
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'Hi' }))).toEqual([400, 'recipient_opted_out']);
    const reply = await until(() => network.submits[0] ?? null);
    expect(reply['destination_addr']).toBe(PHONE.slice(1));
  });

  it('is left when another provider takes its place', async () => {
    const { ask, uuid } = await bound();
    accepted(await ask('PUT', '/provider', { kind: 'simulator' }));
    await until(() => network.binds.length === 0 || null);
    const rows = await sql(`SELECT id FROM messaging_providers WHERE client_id = $1 AND bound_by IS NOT NULL`, uuid);
    expect(rows).toEqual([]);
  });
});
