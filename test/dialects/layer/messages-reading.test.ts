import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  ACCESS_DENIED,
  at,
  bodies,
  conversationOf,
  expectLacking,
  expectLayerError,
  expectWrong,
  leave,
  NOT_FOUND,
  NOTHING,
  read,
  say,
  strangerOn,
  talkingOn,
  uuidOf,
  type Wire,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const talking = () => talkingOn(() => server);

describe('GET /conversations/:id/messages', () => {
  it('lists the newest first, page by page; a page may start after one that is deleted', async () => {
    const { john, jane, conversation } = await talking();
    const sent: Wire[] = [];
    for (let count = 0; count < 5; count += 1) {
      sent.unshift(await say(count % 2 ? jane : john, conversation, `Number ${count}`));
    }
    const path = `${at(conversation)}/messages`;
    const all = await john.send('GET', path);
    expect([bodies(all.body), all.headers.get('layer-count')]).toEqual([bodies(sent), '5']);
    expect(all.body[1]).toEqual({ ...sent[1], is_unread: true });
    const first = await john.send('GET', `${path}?page_size=2`);
    expect(first.headers.get('layer-count')).toBe('5');
    expect((await jane.send('DELETE', `${at(sent[1])}?mode=all_participants`)).status).toBe(204);
    const second = await john.send('GET', `${path}?page_size=2&from_id=${first.body[1].id}`);
    const third = await john.send('GET', `${path}?page_size=2&from_id=${uuidOf(second.body[1])}`);
    expect([...first.body, ...second.body, ...third.body]).toEqual(all.body);
    expect(third.headers.get('layer-count')).toBe('4');
  });

  it('shows nobody what it hid, and everybody else', async () => {
    const { john, jane, conversation } = await talking();
    const [, hidden] = [await say(john, conversation, 'One'), await say(john, conversation, 'Two')];
    expect((await jane.send('DELETE', `${at(hidden)}?mode=my_devices`)).status).toBe(204);
    const hers = await jane.send('GET', `${at(conversation)}/messages`);
    expect([bodies(hers.body), hers.headers.get('layer-count')]).toEqual([['One'], '1']);
    expectLayerError(await jane.send('GET', at(hidden)), NOT_FOUND);
    const { last_message, total_message_count, unread_message_count } = await read(jane, at(conversation));
    expect([bodies([last_message]), total_message_count, unread_message_count]).toEqual([['One'], 1, 1]);
    expect(bodies(await read(john, `${at(conversation)}/messages`))).toEqual(['Two', 'One']);
  });

  it('refuses what is no page, and who is no participant', async () => {
    const { app, john, jane, conversation } = await talking();
    const path = `${at(conversation)}/messages`;
    const elsewhere = await say(john, await conversationOf(john, jane));
    for (const [query, property] of [
      ['page_size=0', 'page_size'],
      ['page_size=101', 'page_size'],
      ['from_id=one', 'from_id'],
      [`from_id=${randomUUID()}`, 'from_id'],
      [`from_id=${elsewhere.id}`, 'from_id'],
    ] as const) {
      expectWrong(await john.send('GET', `${path}?${query}`), property);
    }
    await leave(john, conversation);
    expectLayerError(await john.send('GET', path), ACCESS_DENIED);
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await stranger.send('GET', path), NOT_FOUND);
    }
  });
});

describe('GET and DELETE /messages/:id', () => {
  it('are for participants', async () => {
    const { app, john, jane, conversation } = await talking();
    const message = await say(jane, conversation);
    await leave(john, conversation);
    const strangers = [await app.session('eve'), await strangerOn(() => server)];
    for (const [method, query] of [
      ['GET', ''],
      ['DELETE', '?mode=all_participants'],
      ['DELETE', '?mode=my_devices'],
    ] as const) {
      expectLayerError(await john.send(method, `${at(message)}${query}`), ACCESS_DENIED);
      for (const stranger of strangers) {
        expectLayerError(await stranger.send(method, `${at(message)}${query}`), NOT_FOUND);
      }
      for (const id of NOTHING) {
        expectLayerError(await jane.send(method, `/messages/${id}${query}`), NOT_FOUND);
      }
    }
    expect(await read(jane, at(message))).toEqual({ ...message, recipient_status: { [jane.identity]: 'read' } });
  });

  it('deletes for all what who asks sent, and nothing else', async () => {
    const { john, jane, conversation } = await talking();
    const message = await say(john, conversation);
    expectLayerError(await jane.send('DELETE', `${at(message)}?mode=all_participants`), ACCESS_DENIED);
    expectLacking(await john.send('DELETE', at(message)), 'mode');
    expectWrong(await john.send('DELETE', `${at(message)}?mode=all`), 'mode');
    expect((await john.send('DELETE', `${at(message)}?mode=all_participants`)).status).toBe(204);
    for (const one of [john, jane]) {
      expectLayerError(await one.send('GET', at(message)), NOT_FOUND);
      expect((await read(one, at(conversation))).last_message).toBeNull();
    }
    expectLayerError(await john.send('DELETE', `${at(message)}?mode=all_participants`), NOT_FOUND);
  });
});
