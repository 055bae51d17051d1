import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted } from '../../support/given.js';
import { givenInboxes, list, post, show, told, type Conversation } from '../../support/inbox.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenInboxes(() => server);

describe('A reply', () => {
  it('goes out, is signed by its author, and is not written unseen', async () => {
    const { owner, member, hear } = await given.inbox();
    await hear('Hi');
    const mia = await member('agent');
    const reply = await post(mia, '1/reply', { body: 'Hello', last_seen_id: 1 });
    const user = expect.objectContaining({ type: 'user', id: expect.any(Number) }) as object;
    const delivery = { status: expect.stringMatching(/queued|sending|sent|delivered/), error_code: null };
    expect(reply).toMatchObject({ id: 2, type: 'reply', body: 'Hello', sender: user, delivery });
    const stale = await owner.send('POST', '/conversations/1/reply', { body: 'Hello!', last_seen_id: 1 });
    expect(stale.status).toBe(409);
    expect(stale.body).toMatchObject({
      message: 'Somebody else has replied meanwhile.',
      code: 'stale',
      data: { id: 2 },
    });
    const closing = await post(owner, '1/reply', { body_text: 'Bye', last_seen_id: 2, close: true });
    expect(closing).toMatchObject({ id: 3, body: 'Bye' });
    expect(await list(owner)).toMatchObject([{ status: 'closed', preview: 'Bye', waiting_since: null }]);
    const twice = await Promise.all(
      [1, 2].map(() => mia.send('POST', '/conversations/1/reply', { body: 'Hm', last_seen_id: 3 })),
    );
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await owner.send('POST', '/conversations/1/reply', {})).body).toHaveProperty('errors.body');
  });

  it('is sent as the text of its HTML, of which nothing runs', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    const html = '<p>Hello <b onclick="x()">you</b></p><script>alert(1)</script><img src=x onerror=alert(1)>';
    const shown = { body: 'Hello you', body_text: 'Hello you', body_html: null };
    expect(await post(owner, '1/reply', { body: html })).toMatchObject(shown);
    expect(await post(owner, '1/reply', { body_text: 'Hello you', body_html: html })).toMatchObject(shown);
    expect(await post(owner, '1/reply', { body: html, internal: true })).toMatchObject({ ...shown, type: 'note' });
    expect(await post(owner, '1/reply', { body_text: '1 <b> 2' })).toMatchObject({ body: '1 <b> 2' });
    const [{ contact }] = (await list(owner)) as [Conversation];
    const begin = (said: object) =>
      owner.send('POST', '/conversations', { contact_id: contact!.id, channel: 'sms', ...said });
    for (const [said, preview] of [
      [{ message: html }, 'Hello you'],
      [{ body_text: '1 <b> 2' }, '1 <b> 2'],
      [{ body: html }, 'Hello you'],
    ] as const) {
      accepted(await begin(said));
      expect(await list(owner)).toMatchObject([{ preview }]);
    }
    for (const said of [{}, { body: html, message: html }, { body_text: 'Hello', message: 'Hello' }]) {
      expect((await begin(said)).status).toBe(422);
    }
    // As large as it may be: what is left is little.
    const large = `<p>Hello you</p><b title="${'é'.repeat(200_000)}"></b>`;
    expect(await post(owner, '1/reply', { body: large })).toMatchObject(shown);
    const refused = async (body: object): Promise<unknown> => {
      const { status, body: told } = await owner.send('POST', '/conversations/1/reply', body);
      return [status, told.errors];
    };
    expect(await refused({ body: '<p><br></p>' })).toEqual([422, { body: ['The body field is required.'] }]);
    expect(await refused({ body_html: html })).toEqual([422, { body: ['The body field is required.'] }]);
    const tooLong = 'The body field must not be greater than 16000 characters.';
    expect(await refused({ body: 'x'.repeat(16_001) })).toEqual([422, { body: [tooLong] }]);
    const huge = await owner.send('POST', '/conversations/1/reply', { body: 'x'.repeat(1024 * 1024) });
    expect(told(huge)).toEqual([413, { message: 'The body must not exceed 1024 KB.' }]);
  });

  it('counts the canned response that it was made of, which its author has to see', async () => {
    const { owner, member, hear, uuid } = await given.inbox();
    await hear('Hi');
    const mia = await member('agent');
    const create = async (scope: string): Promise<number> =>
      accepted(await owner.send('POST', '/canned-responses', { title: 'Hi', content: 'Hi', scope })).body.data
        .id as number;
    const [team, own] = [await create('team'), await create('personal')];
    const { id } = await post(mia, '1/reply', { body: 'Hello', canned_response_id: team });
    await post(mia, '1/reply', { body: 'Hello', canned_response_id: String(team) });
    const invalid = { errors: { canned_response_id: ['The selected canned_response_id is invalid.'] } };
    const other = await given.inbox();
    await other.hear('Hi');
    for (const [caller, ref] of [
      [mia, own],
      [mia, 77],
      [other.owner, team],
    ] as const) {
      const reply = await caller.send('POST', '/conversations/1/reply', { body: 'No', canned_response_id: ref });
      expect(told(reply)).toEqual([422, invalid]);
    }
    // What was refused was not said.
    expect(await list(mia)).toMatchObject([{ preview: 'Hello', messages_count: 3 }]);
    const uses = accepted(await owner.send('GET', '/canned-responses')).body.data as unknown as {
      usage_count: number;
    }[];
    expect(uses.map((one) => one.usage_count)).toEqual([2, 0]);
    expect(await sql('SELECT position, automatic FROM replies WHERE client_id = $1 ORDER BY position', uuid)).toEqual([
      { position: id, automatic: null },
      { position: (id as number) + 1, automatic: null },
    ]);
  });

  it('has copies by e-mail only', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    for (const field of ['cc_emails', 'bcc_emails']) {
      const errors = async (emails: unknown): Promise<unknown> => {
        const { status, body } = await owner.send('POST', '/conversations/1/reply', { body: 'Hello', [field]: emails });
        return [status, body.errors];
      };
      const only = `The ${field} field goes with conversations by e-mail only.`;
      expect(await errors(['ben@bücher.example'])).toEqual([422, { [field]: [only] }]);
      expect(await errors([])).toEqual([201, undefined]);
      const wrong = { [`${field}.0`]: [`The ${field}.0 field must be a valid email address.`] };
      for (const email of ['a@example.com,c@example.com', 'a@example.com\r\nBcc: x@example.com', 'x'.repeat(10_240)]) {
        expect(await errors([email])).toEqual([422, wrong]);
      }
      const many = `The ${field} field must have between 0 and 20 items.`;
      expect(await errors(Array(21).fill('a@example.com'))).toEqual([422, { [field]: [many] }]);
    }
  });

  it('may bring files that were uploaded', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    const file = await post(owner, 'uploads', { name: 'a.png', mime_type: 'image/png', size: 4 });
    const body = { body: 'Look', attachment_ids: [file.uuid] };
    const early = await owner.send('POST', '/conversations/1/reply', body);
    expect(told(early)).toEqual([
      422,
      { errors: { 'attachment_ids.0': ['The selected attachment_ids.0 is invalid.'] } },
    ]);
    const uploaded = await fetch(file.upload_url as string, {
      ...{ method: 'PUT', body: 'PNG!', headers: { 'content-type': 'image/png' } },
    });
    expect(uploaded.ok).toBe(true);
    expect(await post(owner, '1/reply', body)).toMatchObject({
      body: 'Look',
      attachments: [{ uuid: file.uuid, name: 'a.png', mime_type: 'image/png', size: 4 }],
    });
  });

  it('begins a conversation, or goes on with one', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    const [{ contact }] = (await list(owner)) as [Conversation];
    const begin = (body: object) => owner.send('POST', '/conversations', { message: 'Hello', channel: 'sms', ...body });
    const begun = accepted(await begin({ contact_id: contact!.id, subject: 'Offer', priority: 'low' }));
    expect([begun.status, begun.body.data]).toMatchObject([
      201,
      { id: 1, subject: 'Offer', priority: 'low', assigned_to: { id: expect.any(Number) }, messages_count: 2 },
    ]);
    for (const subject of ['a\r\nBcc: x@example.com', 'a\nb', 'a\u2028b']) {
      const refusal = [422, { errors: { subject: ['The subject field must be one line.'] } }];
      expect(told(await begin({ contact_id: contact!.id, subject }))).toEqual(refusal);
      expect(told(await owner.send('PATCH', '/conversations/1', { subject }))).toEqual(refusal);
    }
    for (const channel of ['email', 'whatsapp']) {
      const message = `The channel ${channel} is not connected in this workspace.`;
      expect(told(await begin({ contact_id: contact!.id, channel }))).toEqual([422, { message }]);
    }
    const mail = { name: 'Anna', email: 'anna@example.com' };
    const anna = accepted(await owner.send('POST', '/customers', mail)).body.id as string;
    expect(told(await begin({ contact_id: anna }))).toEqual([
      ...[422, { message: 'This contact can not be reached by sms.' }],
    ]);
    expect(Object.keys((await begin({ contact_id: 77 })).body.errors as object)).toEqual(['contact_id']);
  });
});

describe('A note', () => {
  it('is its author’s or an admin’s to change, and leaves its place when it goes', async () => {
    const { owner, member, hear, uuid } = await given.inbox();
    await hear('Hi');
    const [mia, ben] = [await member('agent'), await member('agent')];
    const note = await post(mia, '1/reply', { body: 'Careful', internal: true });
    expect(note).toMatchObject({ type: 'note', body: 'Careful', delivery: null, sender: { type: 'user' } });
    const place = `/conversations/1/notes/${note.id as number}`;
    const denied = { error: 'Insufficient permissions.', code: 'FORBIDDEN', required_role: 'admin' };
    expect(told(await ben.send('PUT', place, { body: 'Mine' }))).toEqual([403, denied]);
    expect(told(await ben.send('DELETE', place))).toEqual([403, denied]);
    expect(accepted(await mia.send('PUT', place, { body: 'Kind' })).body.data).toMatchObject({
      id: note.id,
      body: 'Kind',
    });
    expect((await mia.send('PUT', '/conversations/1/notes/1', { body: 'x' })).status).toBe(404);
    accepted(await owner.send('PUT', `/conversations/1/notes/${note.uuid as string}`, { body: 'Fine' }));
    expect((await owner.send('DELETE', place)).status).toBe(204);
    expect((await show(owner, 1)).messages).toHaveLength(1);
    await expectExactRows(uuid);
  });
});

describe('Whoever asks', () => {
  it('does what the role is for, and nothing of another workspace', async () => {
    const { member, token, key, hear, owner } = await given.inbox();
    await hear('Hi');
    const [viewer, agent] = [await member('viewer'), await member('agent')];
    const lacking = (role: string) => [
      403,
      { error: 'Insufficient permissions.', code: 'FORBIDDEN', required_role: role },
    ];
    for (const [method, path, body] of [
      ...([
        ['POST', '', { contact_id: 1, channel: 'sms', message: 'x' }],
        ['PATCH', '/1', {}],
        ['PUT', '/1', {}],
      ] as const),
      ...([
        ['POST', '/1/reply', { body: 'x' }],
        ['POST', '/1/notes', { body: 'x' }],
        ['POST', '/1/close', {}],
      ] as const),
      ...([
        ['POST', '/1/assign', { user_id: null }],
        ['PUT', '/1/notes/1', { body: 'x' }],
        ['DELETE', '/1/notes/1', undefined],
      ] as const),
      ...([['POST', '/uploads', { name: 'a', mime_type: 'image/png', size: 1 }]] as const),
    ]) {
      expect(told(await viewer.send(method, `/conversations${path}`, body))).toEqual(lacking('agent'));
    }
    expect(told(await agent.send('DELETE', '/conversations/1'))).toEqual(lacking('admin'));
    const contacts = await token('agent', ['contacts']);
    expect(told(await contacts.send('GET', '/conversations'))).toEqual([
      ...[403, { message: 'Invalid ability provided.', required_scope: 'conversations' }],
    ]);
    const program = await key();
    expect(await post(program, '1/reply', { body: 'Beep' })).toMatchObject({ sender: { type: 'workspace', id: null } });
    const other = await given.team();
    const [{ uuid }] = (await list(owner)) as [Conversation];
    for (const id of ['1', uuid, '0', '-1', '1.0', '1e3', '%EF%BC%99', '00042', '12345678901234567']) {
      const reply = await other.owner.send('GET', `/conversations/${id}`);
      expect([id, ...told(reply)]).toEqual([id, 404, { message: 'Conversation not found.' }]);
    }
  });
});

describe('At once', () => {
  it('a contact writes a thousand times while it is closed, and it never is with something unanswered', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hi');
    const [{ uuid: channel }] = (await list(owner)) as [Conversation];
    const [{ id: contact }] = (await sql<{ id: string }>(
      `SELECT contact_id AS id FROM conversations WHERE client_id = $1`,
      uuid,
    )) as [{ id: string }];
    const said = {
      channel_uuid: formatId('channel', channel),
      sender_uuid: formatId('customer', contact),
      type: 'text',
    };
    let written = 0;
    let closed = 0;
    const write = async (): Promise<void> => {
      while (written < 1_000) {
        written += 1;
        accepted(await owner.send('POST', '/messages', { ...said, content: `${written}` }));
      }
    };
    const close = async (): Promise<void> => {
      while (written < 1_000) {
        closed += 1;
        accepted(await owner.send('POST', '/conversations/1/close'));
      }
    };
    await Promise.all([...Array.from({ length: 10 }, write), close(), close()]);
    expect(closed).toBeGreaterThan(2);
    const [one] = await list(owner);
    // Whichever came last; that nothing was said after the closing, the rows tell.
    expect([['open', 'closed'].includes(one!.status), one!.messages_count]).toEqual([true, 1_001]);
    await expectExactRows(uuid);
  });
});
