import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { fakeTwilio, newSid } from '../support/fake-twilio.js';
import { signedForm } from '../support/signed-form.js';
import { accepted, type Reply } from '../support/given.js';
import { miscounted } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';
import { NUMBER, PHONE, PUBLIC_URL, twilioTeams } from '../support/twilio-teams.js';
import { until } from '../support/until.js';
import { inWorkspace } from '../support/users.js';

const SERVICE = newSid('MG');
const [SECOND, ELSEWHERE] = ['+14155550101', '+14155550102'];

beforeAll(ownDatabase);
let twilio: Awaited<ReturnType<typeof fakeTwilio>>;
const server = useServer(async () => {
  twilio = await fakeTwilio([NUMBER, ELSEWHERE]);
  return startServer({ ROLE: 'all', PUBLIC_URL, TWILIO_URL: twilio.url });
});
afterAll(() => twilio.close());
beforeEach(() => {
  twilio.services = { [SERVICE]: [NUMBER, SECOND] };
});
const { users, withTwilio } = twilioTeams(
  () => server,
  () => twilio,
);
const error = ({ status, body }: Reply): [number, string] => [status, (body as { error: string }).error];

type Numbers = Readonly<Record<string, { readonly id: string; readonly [field: string]: unknown }>>;
const withNumbers = async () => {
  const team = await withTwilio();
  const numbers = async (): Promise<Numbers> => {
    const { data } = accepted(await team.ask('GET', '/phone-numbers')).body as {
      data: { number: string; id: string }[];
    };
    return Object.fromEntries(data.map((one) => [one.number, one]));
  };
  const take = async (): Promise<Numbers> => {
    accepted(await team.ask('POST', '/phone-numbers/import', { serviceSid: SERVICE }));
    return numbers();
  };
  const put = (more: object): Promise<Reply> => {
    const { accountSid, authToken } = twilio;
    return team.ask('PUT', '/provider', { kind: 'twilio', accountSid, authToken, ...more });
  };
  const hear = async (params: object): Promise<number> => {
    const { authToken, set, inbound, post } = team;
    return (await post(set.inboundUrl, signedForm(authToken, set.inboundUrl, inbound(params)))).status;
  };
  return { ...team, numbers, take, put, hear };
};

describe('A messaging service', () => {
  it('speaks and hears for its numbers, in one conversation whichever it picks', async () => {
    const { ask, say, taken, tell, reaching, textOf, take, hear, hurry, uuid } = await withNumbers();
    const numbers = await take();
    const service = numbers[SERVICE]!;
    expect(service).toMatchObject({ kind: 'service', verified: true, isDefault: false, serviceId: null });
    expect([numbers[NUMBER], numbers[SECOND]]).toMatchObject([
      { kind: 'number', isDefault: true, serviceId: service.id },
      { kind: 'number', isDefault: false, serviceId: service.id },
    ]);
    const bodies = ['By default', 'By number', 'By service'];
    const [first, second, third] = await Promise.all(
      [undefined, SECOND, SERVICE].map((from, at) => say(bodies[at]!, PHONE, { from })),
    );
    const messages = await Promise.all(bodies.map(taken));
    expect(messages.map(({ service: through, from }) => [through, from])).toEqual(bodies.map(() => [SERVICE, SECOND]));
    const { conversationId } = await reaching(first!, 'sending');
    expect(await reaching(second!, 'sending')).toMatchObject({ from: SERVICE, conversationId });
    expect(await tell(messages[0]!, 'sent')).toBe(204);
    expect(await textOf(first!)).toMatchObject({ from: SECOND, status: 'sent' });
    await reaching(third!, 'sending');
    Object.assign(messages[2]!, { status: 'delivered' });
    const hurrying = setInterval(() => void hurry(), 100);
    const asked = await reaching(third!, 'delivered').finally(() => clearInterval(hurrying));
    expect(asked).toMatchObject({ from: SECOND, conversationId });

    expect(await hear({ To: NUMBER, MessagingServiceSid: SERVICE })).toBe(200);
    expect(await hear({ To: SECOND })).toBe(200);
    expect(await hear({ To: ELSEWHERE, MessagingServiceSid: SERVICE })).toBe(200);
    expect(await hear({ To: ELSEWHERE, MessagingServiceSid: newSid('MG') })).toBe(404);
    expect(await hear({ To: ELSEWHERE, MessagingServiceSid: 'MG/../x' })).toBe(404);
    const { data } = accepted(await ask('GET', '/conversations')).body as { data: unknown[] };
    expect(data).toMatchObject([{ id: conversationId, number: { id: service.id, number: SERVICE }, messageCount: 6 }]);
    expect(data).toHaveLength(1);
    const heard = accepted(await ask('GET', `/messages?number=${SERVICE}&direction=inbound`)).body.data as unknown[];
    expect(heard).toMatchObject([{ to: ELSEWHERE }, { to: SECOND }, { to: NUMBER }]);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('of the provider is asked for, and speaks where nobody says which until it is released', async () => {
    const { ask, say, taken, put, numbers } = await withNumbers();
    twilio.services = {};
    expect(error(await put({ messagingServiceSid: SERVICE }))).toEqual([400, 'provider_rejected']);
    expect(error(await put({ messagingServiceSid: 'MG/../x' }))).toEqual([400, 'invalid_params']);
    expect(Object.keys(await numbers())).toEqual([NUMBER]);
    twilio.services = { [SERVICE]: [SECOND] };
    accepted(await put({ messagingServiceSid: SERVICE }));
    accepted(await put({ messagingServiceSid: SERVICE }));
    const set = await numbers();
    expect([set[SERVICE], set[NUMBER]]).toMatchObject([
      { kind: 'service', isDefault: true, verified: true },
      { isDefault: false, serviceId: null },
    ]);
    await say('Through it');
    await say('Past it', PHONE, { from: NUMBER });
    expect([await taken('Through it'), await taken('Past it')]).toMatchObject([
      { service: SERVICE, from: SECOND },
      { service: null, from: NUMBER },
    ]);
    accepted(await ask('DELETE', `/phone-numbers/${set[SERVICE]!.id}`));
    const send = (more: object): Promise<Reply> => ask('POST', '/messages', { to: PHONE, body: 'x', ...more });
    expect(error(await send({}))).toEqual([400, 'provider_not_configured']);
    expect(error(await send({ from: SERVICE }))).toEqual([400, 'invalid_from']);
  });

  it('is added as a number is, where the account has it', async () => {
    const { ask, take, say, taken } = await withNumbers();
    const add = (number: string): Promise<Reply> => ask('POST', '/phone-numbers', { number });
    expect(error(await add(newSid('MG')))).toEqual([400, 'invalid_number']);
    const added = await add(SERVICE);
    expect([added.status, added.body]).toMatchObject([201, { kind: 'service', number: SERVICE, verified: true }]);
    expect(error(await add(SERVICE))).toEqual([409, 'number_in_use']);
    expect((await take())[NUMBER]).toMatchObject({ serviceId: (added.body as { id: string }).id });
    twilio.services = { [SERVICE]: [SECOND] };
    expect((await take())[NUMBER]).toMatchObject({ serviceId: null, verified: true });
    await say('Alone', PHONE, { from: NUMBER });
    expect(await taken('Alone')).toMatchObject({ service: null, from: NUMBER });
    const { owner, workspace } = await users.team();
    const elsewhere = await owner.send('POST', inWorkspace(workspace, '/phone-numbers'), { number: SERVICE });
    expect(error(elsewhere)).toEqual([400, 'invalid_number']);
  });

  it('is opted out of with all its numbers, and a conversation that a number has goes on as the number', async () => {
    const { ask, core, say, textOf, taken, reaching, take, hear, numbers } = await withNumbers();
    accepted(await ask('POST', '/phone-numbers', { number: ELSEWHERE }));
    const { conversationId } = await textOf(await say('Before'));
    const own = `/conversations/${String(conversationId)}`;
    accepted(await ask('POST', '/opt-outs', { number: PHONE, numberId: (await numbers())[NUMBER]!.id }));
    const { [SERVICE]: service, [NUMBER]: number } = await take();
    const refused = [400, 'recipient_opted_out'];
    const send = (from: string): Promise<Reply> => ask('POST', '/messages', { to: PHONE, body: 'x', from });
    expect(error(await send(SECOND))).toEqual(refused);
    expect(await hear({ To: SECOND, Body: 'START', MessagingServiceSid: SERVICE })).toBe(200);
    accepted(await send(SECOND));
    accepted(await ask('POST', `${own}/messages`, { body: 'As before' }));
    expect(await taken('As before')).toMatchObject({ service: null, from: NUMBER });

    expect(await hear({ To: SECOND, Body: 'STOP', MessagingServiceSid: SERVICE })).toBe(200);
    const { data } = accepted(await ask('GET', '/opt-outs')).body as { data: unknown[] };
    expect(data).toMatchObject([{ number: PHONE, numberId: service!.id, keyword: 'STOP' }]);
    for (const from of [NUMBER, SECOND, SERVICE]) {
      expect([from, ...error(await send(from))]).toEqual([from, ...refused]);
    }
    expect(error(await ask('POST', `${own}/messages`, { body: 'x' }))).toEqual(refused);
    expect(accepted(await ask('GET', own)).body).toMatchObject({ optedOut: true });
    const sender = formatId('customer', parseId('phone_number', number!.id)!);
    const message = { channel_uuid: conversationId, sender_uuid: sender, type: 'text', content: 'All the same' };
    const { id } = accepted(await core('POST', '/messages', message)).body as { id: string };
    const failed = await until(async () => {
      const text = await textOf(id);
      return text.status === 'failed' ? text : null;
    });
    expect(failed).toMatchObject({ errorCode: 'recipient_opted_out', attempts: 0 });
    await reaching((accepted(await send(ELSEWHERE)).body as { sid: string }).sid, 'sending');
  });

  it('begins conversations of the inbox, where those that a number has go on as the number', async () => {
    const { core, say, taken, take } = await withNumbers();
    await say('Before');
    await take();
    const { data } = accepted(await core('GET', '/conversations')).body as {
      data: [{ id: number; contact: { id: number } }];
    };
    const [{ id, contact }] = data;
    accepted(await core('POST', '/conversations', { message: 'Begun', channel: 'sms', contact_id: contact.id }));
    accepted(await core('POST', `/conversations/${id}/reply`, { body: 'Replied' }));
    expect([await taken('Begun'), await taken('Replied')]).toMatchObject([
      { service: SERVICE, from: SECOND },
      { service: null, from: NUMBER },
    ]);
  });
});
