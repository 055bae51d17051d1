import { parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted, type Reply } from './given.js';
import { OUR_NUMBER } from './phones.js';
import type { smsc } from './smsc.js';
import { sql } from './sql.js';
import { PHONE } from './texting.js';
import { until } from './until.js';
import { givenUsers, inWorkspace } from './users.js';

export const SMPP_ACCOUNT = { kind: 'smpp', host: '127.0.0.1', systemId: 'acme', password: 'secret' };

/** Workspaces on an SMPP network of the test's. */
export function givenSmpp(server: () => { readonly url: string }, network: () => Awaited<ReturnType<typeof smsc>>) {
  const asked = async () => {
    const { owner, workspace } = await givenUsers(server).team();
    const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
      owner.send(method, inWorkspace(workspace, path), body);
    return { ask, uuid: parseId('client', workspace.id)! };
  };

  /** A workspace that is bound to the network, and a number of it that was verified. */
  const bound = async (settings: object = {}) => {
    const { ask, uuid } = await asked();
    accepted(await ask('PUT', '/provider', { ...SMPP_ACCOUNT, port: network().port, ...settings }));
    accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER }));
    await sql(`UPDATE addresses SET verified_at = now(), is_default = true WHERE client_id = $1`, uuid);
    await network().bound();
    const say = async (body = 'Hello'): Promise<string> =>
      (accepted(await ask('POST', '/messages', { to: PHONE, body })).body as { sid: string }).sid;
    const reaching = (sid: string, status: string) =>
      until(async () => {
        const text = accepted(await ask('GET', `/messages/${sid}`)).body as Record<string, unknown>;
        return text.status === status ? text : null;
      });
    const inbound = async () =>
      (accepted(await ask('GET', '/messages?direction=inbound')).body as { data: { body: string; from: string }[] })
        .data;
    const lastError = async (): Promise<unknown> => accepted(await ask('GET', '/provider')).body.lastError as unknown;
    return { ask, uuid, say, reaching, inbound, lastError };
  };

  return { asked, bound };
}
