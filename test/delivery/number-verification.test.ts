import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted, type Reply } from '../support/given.js';
import { OUR_NUMBER } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { smsc, textIn } from '../support/smsc.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const PHONE = '+14155552671';
const ACCOUNT = { kind: 'smpp', host: '127.0.0.1', systemId: 'acme', password: 'secret' };

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const users = givenUsers(() => server);
const error = ({ status, body }: Reply): [number, string] => [status, (body as { error: string }).error];

let network: Awaited<ReturnType<typeof smsc>>;
beforeEach(async () => {
  network = await smsc();
});
afterEach(() => network.close());

describe('A number at an SMPP server', () => {
  /** A number that nobody has verified. */
  async function added() {
    const { owner, workspace } = await users.team();
    const ask = (method: string, path: string, body?: unknown, by = owner): Promise<Reply> =>
      by.send(method, inWorkspace(workspace, path), body);
    accepted(await ask('PUT', '/provider', { ...ACCOUNT, port: network.port }));
    const number = accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER })).body as { id: string };
    const path = `/phone-numbers/${number.id}`;
    expect(number).toMatchObject({ verified: false, isDefault: false });
    await network.bound();
    /** The last code that was sent. */
    const coded = async (): Promise<string> => {
      const before = network.submits.length;
      accepted(await ask('POST', `${path}/verify`, { method: 'sms' }));
      const pdu = await until(() => network.submits[before] ?? null);
      expect([pdu['source_addr'], pdu['destination_addr']]).toEqual([OUR_NUMBER.slice(1), OUR_NUMBER.slice(1)]);
      return /\d{6}/.exec(textIn(pdu))![0];
    };
    const confirm = (code: string): Promise<Reply> => ask('POST', `${path}/verify/confirm`, { code });
    const shown = async () => accepted(await ask('GET', path)).body as unknown;
    /** How it was verified, as the audit log says. */
    const noted = async (): Promise<unknown[]> => {
      const { data } = accepted(await ask('GET', '/audit-log')).body as { data: Record<string, unknown>[] };
      const entries = data.filter(({ action, subject }) => action === 'number.verified' && subject === number.id);
      return entries.map(({ details }) => details);
    };
    return { ask, path, coded, confirm, shown, noted, workspace };
  }
  const other = (code: string, by = 1): string => String((Number(code) + by) % 1e6).padStart(6, '0');

  it('is verified by the code that was sent from it to itself, which nobody reads in a message', async () => {
    const { ask, coded, confirm, shown, noted } = await added();
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'Hi' }))).toEqual([400, 'provider_not_configured']);
    const code = await coded();
    expect(accepted(await ask('GET', '/messages')).body).toMatchObject({ data: [] });
    expect(error(await confirm(other(code)))).toEqual([400, 'verification_failed']);
    expect(accepted(await confirm(code)).body).toMatchObject({ verified: true, isDefault: true });
    expect(await shown()).toMatchObject({ verified: true });
    expect(await noted()).toEqual([{ method: 'sms' }]);
    accepted(await ask('POST', '/messages', { to: PHONE, body: 'Hi' }));
    expect(error(await ask('POST', `${(await added()).path}/verify`, { method: 'sms' }))).toEqual([404, 'not_found']);
  });

  it('is verified when its code comes back to it', async () => {
    const { ask, coded, shown } = await added();
    const code = await coded();
    expect(await network.say(OUR_NUMBER, OUR_NUMBER, `${code} is the code that verifies this number.`)).toBe(0);
    expect(await shown()).toMatchObject({ verified: true, isDefault: true });
    expect(accepted(await ask('GET', '/messages')).body).toMatchObject({ data: [] });
  });

  it('takes five tries, however many come at once, and then another code', async () => {
    const { coded, confirm, shown, noted } = await added();
    const code = await coded();
    const tries = await Promise.all(Array.from({ length: 50 }, (_, at) => confirm(other(code, at + 1))));
    expect(new Set(tries.map((one) => error(one).join()))).toEqual(new Set(['400,verification_failed']));
    expect(error(await confirm(code))).toEqual([400, 'verification_failed']);
    expect(await shown()).toMatchObject({ verified: false });
    expect(await noted()).toEqual([]);
    const next = await coded();
    expect(accepted(await confirm(next)).body).toMatchObject({ verified: true });
  });

  it('has a code for ten minutes, and gets three an hour', async () => {
    const { ask, path, coded, confirm } = await added();
    const first = await coded();
    await sql(
      `UPDATE addresses SET code_until = now() WHERE code_sha256 IS NOT NULL AND customer_id = $1`,
      parseId('phone_number', path.split('/')[2]!),
    );
    expect(error(await confirm(first))).toEqual([400, 'verification_failed']);
    await coded();
    await coded();
    const refused = await ask('POST', `${path}/verify`, { method: 'sms' });
    expect(error(refused)).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
  });

  it('is attested by an owner alone, and only where the provider can not say whose it is', async () => {
    const { ask, path, noted, workspace } = await added();
    const admin = await users.member(workspace, 'admin');
    expect(error(await ask('POST', `${path}/verify`, { method: 'attest' }, admin))).toEqual([403, 'forbidden']);
    expect(accepted(await ask('POST', `${path}/verify`, { method: 'attest' })).body).toMatchObject({ verified: true });
    expect(await noted()).toEqual([{ method: 'attest' }]);
    expect(error(await ask('POST', `${path}/verify`, { method: 'sms' }))).toEqual([409, 'conflict']);
    accepted(await ask('PUT', '/provider', { kind: 'simulator' }));
    const unowned = accepted(await ask('POST', '/phone-numbers', { number: '+15005550007' })).body as { id: string };
    const attest = await ask('POST', `/phone-numbers/${unowned.id}/verify`, { method: 'attest' });
    expect(error(attest)).toEqual([400, 'invalid_params']);
  });
});
