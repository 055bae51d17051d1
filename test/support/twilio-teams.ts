import { parseId } from '../../src/platform/common/ids/type-id.js';
import { newSid, type fakeTwilio, type TwilioMessage } from './fake-twilio.js';
import type { signedForm } from './signed-form.js';
import { accepted, type Reply } from './given.js';
import { sql } from './sql.js';
import { until } from './until.js';
import { sendsFiles } from './sends-files.js';
import { givenUsers, inWorkspace } from './users.js';

export const PHONE = '+14155552671';
export const NUMBER = '+14155550100';
export const PUBLIC_URL = 'https://chat.example.com';

type Twilio = Awaited<ReturnType<typeof fakeTwilio>>;

/** Live workspaces with a number at Twilio. */
export function twilioTeams(server: () => { readonly url: string }, twilio: () => Twilio) {
  const users = givenUsers(server);
  const withTwilio = async (settings: object = {}) => {
    const { owner, workspace } = await users.team({ livemode: true });
    const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
      owner.send(method, inWorkspace(workspace, path), body);
    const { accountSid, authToken } = twilio();
    const set = accepted(await ask('PUT', '/provider', { kind: 'twilio', accountSid, authToken, ...settings }))
      .body as { readonly inboundUrl: string };
    accepted(await ask('POST', '/phone-numbers', { number: NUMBER }));
    const uuid = parseId('client', workspace.id)!;
    const say = async (body: string, to = PHONE, more: object = {}): Promise<string> =>
      (accepted(await ask('POST', '/messages', { to, body, ...more })).body as { sid: string }).sid;
    const textOf = async (sid: string) =>
      accepted(await ask('GET', `/messages/${sid}`)).body as Record<string, unknown>;
    const reaching = (sid: string, ...statuses: string[]) =>
      until(async () => {
        const text = await textOf(sid);
        return statuses.includes(String(text.status)) && text.providerMessageId !== null ? text : null;
      });
    const taken = (body: string): Promise<TwilioMessage> =>
      until(() => twilio().messages.find((message) => message.body === body) ?? null);
    const tell = (message: TwilioMessage, status: string, errorCode?: string): Promise<number> =>
      twilio().tell(message, status, { publicUrl: PUBLIC_URL, serverUrl: server().url, errorCode });
    const post = (url: string, { text, headers }: ReturnType<typeof signedForm>): Promise<Response> =>
      fetch(url.replace(PUBLIC_URL, server().url), { method: 'POST', headers, body: text });
    const inbound = (params: object = {}) => ({
      ...{ MessageSid: newSid('SM'), AccountSid: accountSid, From: PHONE, To: NUMBER, Body: 'Hi', NumMedia: '0' },
      ...{ SomethingNew: 'x', ...params },
    });
    const hurry = () =>
      sql(`UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1 AND kind <> 'send'`, uuid);
    /** In the core API, as the workspace. */
    const core = (method: string, path: string, body?: unknown): Promise<Reply> =>
      owner.send(method, `/api/v1${path}`, body, { 'x-workspace-id': workspace.id });
    const sendFiles = sendsFiles(core, uuid, twilio().reach);
    return {
      owner,
      ask,
      core,
      sendFiles,
      set,
      uuid,
      say,
      textOf,
      reaching,
      taken,
      tell,
      post,
      inbound,
      hurry,
      authToken,
    };
  };
  return { users, withTwilio };
}
