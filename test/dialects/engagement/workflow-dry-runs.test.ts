import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeContact, makeTag, refused } from '../../support/contacts.js';
import { accepted } from '../../support/given.js';
import { givenInboxes, list } from '../../support/inbox.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { definitionOf, makeWorkflow } from '../../support/workflows.js';

const server = useServer();
const given = givenInboxes(() => server);
type Inbox = Awaited<ReturnType<typeof given.inbox>>;
let inbox: Inbox;
let by: Inbox['owner'];
let contact: number;
let conversation: number;
beforeAll(async () => {
  inbox = await given.inbox();
  by = inbox.owner;
  await inbox.hear('Where is it?');
  const [talk] = await list(by);
  conversation = talk!.id;
  contact = talk!.contact!.id;
  accepted(await by.send('PUT', `/contacts/${contact}`, { first_name: 'Anna' }));
});

const tryOut = (id: number, body: object = {}) => by.send('POST', `/workflows/${id}/dry-run`, body);
interface Tried {
  readonly reason: string | null;
  readonly steps: readonly { id: string; status: string; output: object | null; error: string | null }[];
}
const tried = async (id: number, body: object): Promise<Tried> => accepted(await tryOut(id, body)).body.data;

/** All that the database holds of a workspace, in words; but for when its tokens were last seen. */
async function everythingOf(clientId: string): Promise<unknown> {
  const tables = await sql<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND column_name = 'client_id' AND table_type = 'BASE TABLE'
       AND table_name NOT IN ('personal_tokens', 'listeners') ORDER BY 1`,
  );
  const rows = tables.map(
    ({ name }) => `SELECT '${name}' AS name, to_jsonb(one)::text AS held FROM ${name} one WHERE client_id = $1`,
  );
  return sql(`${rows.join(' UNION ALL ')} ORDER BY 1, 2`, clientId);
}

describe('A dry run', () => {
  it('takes each step after what those before it would have done, and does nothing', async () => {
    const tag = await makeTag(by, 'Asked');
    const steps = [
      { id: 'tag', type: 'add_tag', tag_id: tag.id },
      { id: 'score', type: 'set_field', field: 'lead_score', value: 90 },
      {
        id: 'which',
        type: 'branch',
        if: {
          all: [
            { field: 'tag', op: 'in', value: [tag.id] },
            { field: 'lead_score', op: 'gte', value: 90 },
          ],
        },
        then: 'answer',
        else: 'close',
      },
      { id: 'never', type: 'note', body: 'x' },
      { id: 'answer', type: 'send_reply', body: 'Hi {{first_name|there}}, order {{trigger.order}}.' },
      { id: 'sms', type: 'send_sms', body: 'Soon, {{first_name}}.' },
      { id: 'note', type: 'note', body: 'Told {{name}}' },
      { id: 'empty', type: 'note', body: '{{company}}' },
      { id: 'wait', type: 'wait', for: 'P300D', until: 'contact_replied', then: 'end' },
      { id: 'status', type: 'set_status', status: 'pending' },
      {
        id: 'pending',
        type: 'branch',
        if: { field: 'conversation.status', op: 'is', value: 'pending' },
        then: 'assign',
        else: 'end',
      },
      { id: 'assign', type: 'assign', user_id: by.user!.uuid },
      { id: 'hook', type: 'webhook', url: 'http://127.0.0.1:1/' },
      { id: 'close', type: 'close' },
    ];
    const { id } = await makeWorkflow(by, definitionOf(steps, { type: 'message.received' }));
    const before = await everythingOf(inbox.uuid);
    const { reason, steps: taken } = await tried(id, { conversation_id: conversation, payload: { order: 4711 } });
    expect(reason).toBeNull();
    expect(taken.map(({ id: step, status, output }) => [step, status, output])).toEqual([
      ['tag', 'completed', { changed: true }],
      ['score', 'completed', { lead_score: 90 }],
      ['which', 'completed', { held: true, to: 'answer' }],
      ['answer', 'completed', { body: 'Hi Anna, order 4711.' }],
      ['sms', 'completed', { body: 'Soon, Anna.' }],
      ['note', 'completed', { body: 'Told Anna' }],
      ['empty', 'skipped', { body: '', skipped: 'nothing_to_say' }],
      ['wait', 'completed', { for: 'P300D' }],
      ['status', 'completed', { status: 'pending' }],
      ['pending', 'completed', { held: true, to: 'assign' }],
      ['assign', 'completed', { user_id: expect.any(Number) }],
      ['hook', 'completed', { url: 'http://127.0.0.1:1/' }],
      ['close', 'completed', { status: 'closed' }],
    ]);
    expect(await everythingOf(inbox.uuid)).toEqual(before);
  });

  it('says why nothing would be done, and ends where a step can not be done', async () => {
    const conditions = { field: 'first_name', op: 'is', value: 'Bob' };
    const other = await makeWorkflow(by, definitionOf([{ id: 'a', type: 'close' }], undefined, { conditions }));
    expect(await tried(other.id, { contact_id: contact })).toEqual({ reason: 'conditions', steps: [] });
    const { id } = await makeWorkflow(
      by,
      definitionOf([
        { id: 'a', type: 'close' },
        { id: 'b', type: 'close' },
      ]),
    );
    const { id: stranger } = await makeContact(by);
    expect(await tried(id, { contact_id: stranger })).toEqual({
      reason: null,
      steps: [{ id: 'a', type: 'close', status: 'failed', output: null, error: 'There is no conversation.' }],
    });
  });

  it('is for agents, of what is in their workspace', async () => {
    const { id } = await makeWorkflow(by, definitionOf([{ id: 'a', type: 'note', body: 'x' }]));
    const viewer = await inbox.token('viewer', ['workflows']);
    expect((await viewer.send('POST', `/workflows/${id}/dry-run`, {})).status).toBe(403);
    expect(await tryOut(id, { contact_id: 99_999 })).toEqual(refused('contact_id'));
    expect(await tryOut(id, { conversation_id: 99_999 })).toEqual(refused('conversation_id'));
    const other = (await makeContact(by)).id;
    expect(await tryOut(id, { contact_id: other, conversation_id: conversation })).toEqual(refused('conversation_id'));
    expect((await tryOut(99_999)).body).toEqual({ message: 'Workflow not found.' });
    const foreign = await given.inbox();
    expect(
      (
        await foreign.owner.send(
          'POST',
          `/workflows/${(await makeWorkflow(by, definitionOf([{ id: 'a', type: 'close' }]))).id}/dry-run`,
          {},
        )
      ).status,
    ).toBe(404);
  });
});
