import type { TestCaller } from './engagement.js';
import { makeContact, makeTag } from './contacts.js';
import { accepted, type TestClient } from './given.js';
import { post } from './inbox.js';
import { mergeContacts } from './merges.js';
import { engagementDocument } from './truth.js';

/** The types of events that the document has; those of imports, mails, documents, models and workflows have tests of their own. */
export const INBOX_EVENTS = Object.keys(
  (engagementDocument as unknown as { readonly webhooks: object }).webhooks,
).filter((type) => !/^(import|email|document|campaign|ai|workflow|execution)/.test(type));

/**
 * Has everything happen once that `private-inbox` tells of.
 * @param by an owner
 * @returns the types of the events, in their order
 */
export async function stirInbox(by: TestCaller, hear: (body: string) => Promise<unknown>): Promise<readonly string[]> {
  const change = async (path: string, body: object): Promise<void> => {
    accepted(await by.send('PATCH', path, body));
  };
  const remove = async (path: string): Promise<void> => {
    accepted(await by.send('DELETE', path));
  };
  const tag = await makeTag(by, 'VIP');
  const { id } = await makeContact(by);
  const contact = `/contacts/${id}`;
  await change(contact, { lead_score: 7, city: 'Berlin', tag_ids: [tag.id] });
  await change(contact, { tag_ids: [] });
  await change(contact, { status: 'unsubscribed' });
  await change(contact, { status: 'active' });
  await mergeContacts(by, id, (await makeContact(by)).id);
  await remove(contact);
  await hear('Hi');
  await post(by, '1/reply', { body: 'Hello' });
  await post(by, '1/assign', { user_id: by.user!.uuid });
  for (const status of ['snoozed', 'open', 'closed', 'open']) {
    await change('/conversations/1', { status });
  }
  const note = `/conversations/1/notes/${String((await post(by, '1/notes', { body: 'Psst' })).id)}`;
  accepted(await by.send('PUT', note, { body: 'Psst!' }));
  await remove(note);
  await remove('/conversations/1');
  return [
    ...['contact.created', 'contact.updated', 'contact.tagged', 'contact.untagged'],
    ...['contact.updated', 'contact.unsubscribed', 'contact.updated', 'contact.resubscribed'],
    ...['contact.created', 'contact.deleted', 'contact.merged', 'contact.deleted'],
    ...['contact.created', 'conversation.created', 'message.received', 'message.replied'],
    ...['conversation.updated', 'conversation.assigned', 'conversation.updated', 'conversation.snoozed'],
    ...['conversation.updated', 'conversation.unsnoozed', 'conversation.updated', 'conversation.closed'],
    ...['conversation.updated', 'conversation.reopened', 'note.created', 'note.updated', 'note.deleted'],
    'conversation.deleted',
  ];
}

/** An endpoint that asks for these by name: the core's document, which answers are held against, does not have them. */
export async function endpointByName(
  { headers }: Pick<TestClient, 'headers'>,
  server: string,
  url: string,
  events: readonly string[],
): Promise<{ readonly id: string; readonly secret: string; readonly events: readonly string[] }> {
  const response = await fetch(`${server}/api/v1/webhook_endpoints`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ url, events }),
  });
  if (response.status !== 201) {
    throw new Error(await response.text());
  }
  return (await response.json()) as { id: string; secret: string; events: string[] };
}
