import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, must, type Reply } from '../../support/given.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { givenUsers, inWorkspace } from '../../support/users.js';

const server = useServer();
const given = givenUsers(() => server);
const PHONE = '+14155552671';

async function givenTeam() {
  const { owner, workspace } = await given.team();
  const ask = (method: string, path = '', body?: unknown): Promise<Reply> =>
    owner.send(method, inWorkspace(workspace, path), body);
  const make = async (path: string, body: object): Promise<string> =>
    (accepted(await ask('POST', path, body)).body as { id: string }).id;
  const hear = async (body: string, to = OUR_NUMBER): Promise<void> => {
    accepted(await ask('POST', '/simulator/inbound', { from: PHONE, to, body }));
  };
  /** What was said in the thread of the phone and a number, oldest first, without the words that were heard. */
  const replies = async (): Promise<string[]> => {
    const { data } = accepted(await ask('GET', '/messages?direction=outbound')).body as { data: { body: string }[] };
    return data.map(({ body }) => body).reverse();
  };
  const optOuts = async (): Promise<
    { id: string; source: string; keyword: string | null; numberId: string | null }[]
  > => accepted(await ask('GET', '/opt-outs')).body.data as never;
  return { owner, workspace, uuid: parseId('client', workspace.id)!, ask, make, hear, replies, optOuts };
}
const error = ({ status, body }: Reply): unknown => [status, (body as { error: string }).error];

describe('The audit log', () => {
  it('says who changed what, newest first, and nothing secret', async () => {
    const { owner, workspace, ask, make } = await givenTeam();
    const member = await given.member(workspace, 'viewer');
    const key = await make('/api-keys', { name: 'Shop' });
    accepted(await ask('DELETE', `/api-keys/${key}`));
    const invitation = await make('/invitations', { email: `i-${workspace.id}@example.com`, role: 'agent' });
    accepted(await ask('POST', `/invitations/${invitation}/resend`));
    accepted(await ask('DELETE', `/invitations/${invitation}`));
    const token = await make('/personal-tokens', { name: 'Script', scopes: ['tags'] });
    accepted(await ask('DELETE', `/personal-tokens/${token}`));
    accepted(await ask('PATCH', `/members/${member.id}`, { role: 'agent' }));
    accepted(await ask('DELETE', `/members/${member.id}`));
    const number = await make('/phone-numbers', { number: OUR_NUMBER });
    accepted(await ask('PATCH', `/phone-numbers/${number}`, { name: 'Support' }));
    const optOut = await make('/opt-outs', { number: PHONE });
    accepted(await ask('DELETE', `/opt-outs/${optOut}?reason=${encodeURIComponent('She called: “again, please”')}`));
    accepted(await ask('PATCH', '', { name: 'Globex', smartEncoding: false }));
    accepted(await ask('PUT', '/provider', { kind: 'simulator' }));
    accepted(await ask('DELETE', `/phone-numbers/${number}`));
    accepted(await ask('DELETE', '/provider'));
    const params = { path: { workspaceId: workspace.id } };
    const { data, pagination } = must(await owner.api.GET('/api/ui/workspaces/{workspaceId}/audit-log', { params }));
    expect(data.map(({ action, subject, details }) => [action, subject, details]).reverse()).toEqual([
      ['api_key.created', key, { name: 'Shop', scopes: ['messages:read', 'messages:write', 'files:write'] }],
      ['api_key.revoked', key, {}],
      ['invitation.created', invitation, { role: 'agent' }],
      ['invitation.resent', invitation, {}],
      ['invitation.revoked', invitation, {}],
      ['personal_token.created', token, { name: 'Script', scopes: ['tags'] }],
      ['personal_token.revoked', token, {}],
      ['member.updated', member.id, { role: 'agent' }],
      ['member.removed', member.id, {}],
      ['number.added', number, { number: OUR_NUMBER }],
      ['number.updated', number, { name: 'Support', isDefault: false }],
      ['opt_out.added', optOut, {}],
      ['opt_out.ended', optOut, { reason: 'She called: “again, please”' }],
      ['workspace.updated', null, { fields: ['name', 'smartEncoding'] }],
      ['provider.set', null, { kind: 'simulator' }],
      ['number.released', number, {}],
      ['provider.removed', null, {}],
    ]);
    expect(data[0]!.user).toEqual({ id: owner.id, name: 'The owner', email: owner.email });
    expect(pagination.totalItems).toBe(17);
    expect(JSON.stringify(data)).not.toMatch(/(sk|pat)_test_/);
  });

  it('writes down nothing that did not happen, and keeps the newest', async () => {
    const { ask, make, uuid } = await givenTeam();
    await make('/phone-numbers', { number: OUR_NUMBER });
    expect((await ask('DELETE', '/api-keys/key_00000000000000000000000000')).status).toBe(404);
    expect((await ask('POST', '/phone-numbers', { number: OUR_NUMBER })).status).toBe(409);
    expect((await ask('DELETE', '/opt-outs/opt_00000000000000000000000000')).status).toBe(404);
    const total = async (): Promise<unknown> =>
      (accepted(await ask('GET', '/audit-log')).body.pagination as { totalItems: number }).totalItems;
    expect(await total()).toBe(1);
    await sql(
      `INSERT INTO audit_entries (client_id, id, user_id, action, created_at)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), 'member.left', now() - make_interval(secs => n)
       FROM generate_series(1, 10000) AS n`,
      uuid,
    );
    await make('/api-keys', { name: 'Shop' });
    expect(await total()).toBe(10_000);
    const { body } = accepted(await ask('GET', '/audit-log?limit=2'));
    expect(body.data).toMatchObject([{ action: 'api_key.created' }, { action: 'number.added' }]);
    const last = accepted(await ask('GET', '/audit-log?limit=1&page=10000')).body;
    expect(last.data).toMatchObject([{ user: { name: null, email: null } }]);
  });
});

describe('An opt-out', () => {
  it('that the provider keeps is not ended by hand, but by START', async () => {
    const { ask, make, hear, optOuts, uuid } = await givenTeam();
    await make('/phone-numbers', { number: OUR_NUMBER });
    const id = await make('/opt-outs', { number: PHONE });
    await sql(`UPDATE opt_outs SET source = 'provider' WHERE client_id = $1`, uuid);
    expect(error(await ask('DELETE', `/opt-outs/${id}`))).toEqual([409, 'conflict']);
    expect(await optOuts()).toMatchObject([{ id, source: 'provider' }]);
    await hear('START');
    expect(await optOuts()).toEqual([]);
    expect(error(await ask('DELETE', `/opt-outs/${id}`))).toEqual([404, 'not_found']);
    for (const query of [`reason=${'x'.repeat(256)}`, 'why=x']) {
      expect(error(await ask('DELETE', `/opt-outs/${id}?${query}`))).toEqual([400, 'invalid_params']);
    }
  });

  it('is asked for by words of the workspace, too, and answered as it says', async () => {
    const { ask, make, hear, replies, optOuts } = await givenTeam();
    await make('/phone-numbers', { number: OUR_NUMBER });
    accepted(
      await ask('PATCH', '', { optOut: { stop: ['arrêt', 'Non merci'], replies: { stop: 'Adieu.', help: '' } } }),
    );
    await hear('HELP');
    await hear('YES');
    expect([await optOuts(), await replies()]).toEqual([[], []]);
    await hear(' ARRÊT! ');
    expect(await optOuts()).toMatchObject([{ source: 'keyword', keyword: 'ARRÊT' }]);
    await hear('non merci');
    expect(await replies()).toEqual(['Adieu.']);
    await hear('Yes.');
    expect(await optOuts()).toEqual([]);
    expect(await replies()).toEqual(['Adieu.', 'You are subscribed again. Reply STOP to unsubscribe.']);
    await hear('STOP');
    expect(await optOuts()).toHaveLength(1);
  });

  it('concerns one number, or all of them where the workspace says so', async () => {
    const { ask, make, hear, optOuts } = await givenTeam();
    const [first, second] = [OUR_NUMBER, '+15005550100'];
    const firstId = await make('/phone-numbers', { number: first });
    await make('/phone-numbers', { number: second });
    const send = (from: string): Promise<Reply> => ask('POST', '/messages', { to: PHONE, body: 'Hi', from });
    await hear('STOP', first);
    expect(await optOuts()).toMatchObject([{ numberId: firstId }]);
    expect(error(await send(first))).toEqual([400, 'recipient_opted_out']);
    expect((await send(second)).status).toBe(200);
    accepted(await ask('PATCH', '', { optOut: { scope: 'workspace' } }));
    await hear('STOP', second);
    expect(await optOuts()).toMatchObject([{ numberId: null }, { numberId: firstId }]);
    expect(error(await send(second))).toEqual([400, 'recipient_opted_out']);
    await hear('START', second);
    expect(await optOuts()).toEqual([]);
    expect((await send(first)).status).toBe(200);
  });

  it('holds whatever becomes of the client’s other secrets', async () => {
    const { ask, make, uuid } = await givenTeam();
    await make('/phone-numbers', { number: OUR_NUMBER });
    await make('/opt-outs', { number: PHONE });
    await sql(`UPDATE clients SET realtime_secret = 'another' WHERE id = $1`, uuid);
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'Hi' }))).toEqual([400, 'recipient_opted_out']);
  });
});

it('Limits are told to every member', async () => {
  const { workspace } = await givenTeam();
  const viewer = await given.member(workspace, 'viewer');
  const params = { path: { workspaceId: workspace.id } };
  const limits = must(await viewer.api.GET('/api/ui/workspaces/{workspaceId}/limits', { params }));
  expect(limits).toMatchObject({ bodyCharacters: 1_600, apiKeys: 50, openInvitations: 100, statsDays: 400 });
});
