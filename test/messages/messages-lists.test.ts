import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { given as givenOn, must, type Message, type TestClient } from '../support/given.js';
import { expectInvalid, expectMissing } from '../support/refused.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

const listOf = (...data: Message[]) => ({ object: 'list', data, has_more: false, total_count: data.length });

describe('GET /messages/channel/{id}', () => {
  it('lists the oldest first, page by page without a gap, also while more is written', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const elsewhere = await given.channel(acme, [john, jane], 'Elsewhere');
    const sent: Message[] = [];
    for (let at = 0; at < 7; at += 1) {
      sent.push(await given.message(acme, channel, at % 2 ? john : jane, `Number ${at}`));
      await given.message(acme, elsewhere, john);
    }
    const read: Message[] = [];
    for (let more = true; more;) {
      const query = { limit: 3, ...(read.length > 0 ? { starting_after: read.at(-1)!.id } : {}) };
      const path = { id: channel.id };
      const page = must(await acme.api.GET('/api/v1/messages/channel/{id}', { params: { path, query } }));
      expect(page.total_count).toBe(sent.length);
      read.push(...page.data);
      more = page.has_more;
      if (sent.length === 7) {
        sent.push(await given.message(acme, channel, john, 'Written meanwhile'));
      }
    }
    expect(read).toEqual(sent);
  });

  it('takes the bare UUID; a channel without messages is an empty list', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const path = `/api/v1/messages/channel/${parseId('channel', channel.id)}`;
    expect((await acme.send('GET', path)).body).toEqual(listOf());
    const message = await given.message(acme, channel, john);
    expect((await acme.send('GET', path)).body).toEqual(listOf(message));
  });

  it('answers 404 for whatever names no channel of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    for (const id of [formatId('channel', randomUUID()), channel.id, john.id, 'nonsense']) {
      expectMissing(await acme.send('GET', `/api/v1/messages/channel/${id}`), 'Channel not found');
    }
  });
});

describe('GET /messages/customer/{id}', () => {
  it('lists what the customer sent, in every channel, the newest first', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const second = await given.channel(acme, [john, jane], 'Second');
    const sent = [await given.message(acme, channel, john), await given.message(acme, second, john)];
    await given.message(acme, channel, jane);
    sent.push(await given.message(acme, channel, john));
    const path = { id: john.id };
    const page = must(await acme.api.GET('/api/v1/messages/customer/{id}', { params: { path } }));
    expect(page).toEqual(listOf(...sent.reverse()));
    const bare = await acme.send('GET', `/api/v1/messages/customer/${parseId('customer', john.id)}`);
    expect(bare.body).toEqual(page);
  });

  it('is empty for a customer who sent nothing', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await given.message(acme, channel, jane);
    expect((await acme.send('GET', `/api/v1/messages/customer/${john.id}`)).body).toEqual(listOf());
  });

  it('answers 404 for whatever names no customer of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    for (const id of [formatId('customer', randomUUID()), john.id, channel.id, 'nonsense']) {
      expectMissing(await acme.send('GET', `/api/v1/messages/customer/${id}`), 'Customer not found');
    }
  });
});

describe('GET /messages/between', () => {
  const between = async (acme: TestClient, email1: string | null, email2: string | null) =>
    must(await acme.api.GET('/api/v1/messages/between', { params: { query: { email1: email1!, email2: email2! } } }));

  it('lists both directions in every channel the two share, only theirs, the newest first', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const jim = await given.customer(acme, 'Jim');
    const group = await given.channel(acme, [john, jane, jim], 'Group');
    const sent = [await given.message(acme, group, jane), await given.message(acme, channel, john)];
    const emails = { sender_email: jane.email!, recipient_email: john.email! };
    const direct = { body: { ...emails, type: 'text' as const, content: 'Directly' } };
    sent.push(must(await acme.api.POST('/api/v1/messages/send-to-customer', direct)));
    sent.push(await given.message(acme, channel, jane), await given.message(acme, group, john));
    // A third in a shared channel, and one of the two elsewhere.
    await given.message(acme, group, jim);
    await given.message(acme, await given.channel(acme, [john, jim]), john);

    const expected = listOf(...sent.toReversed());
    expect(await between(acme, john.email, jane.email)).toEqual(expected);
    expect(await between(acme, jane.email, john.email)).toEqual(expected);
    expect(await between(acme, ` ${john.email!.toUpperCase()}`, `${jane.email!.toUpperCase()}\n`)).toEqual(expected);
  });

  it('is empty for two who share no channel, and for two who wrote nothing', async () => {
    const acme = await given.client();
    const { john, jane } = await given.pair(acme);
    const { john: jim, jane: joan, channel } = await given.pair(acme);
    await given.message(acme, channel, jim);
    expect(await between(acme, john.email, jane.email)).toEqual(listOf());
    expect(await between(acme, jim.email, jane.email)).toEqual(listOf());
    expect((await between(acme, jim.email, joan.email)).total_count).toBe(1);
  });

  it('answers 404 where either is unknown or of another tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john } = await given.pair(acme);
    const { john: foreign } = await given.pair(other);
    for (const unknown of [`${randomUUID()}@example.com`, foreign.email!]) {
      for (const [email1, email2] of [
        [john.email!, unknown],
        [unknown, john.email!],
      ]) {
        const path = `/api/v1/messages/between?email1=${email1}&email2=${email2}`;
        expectMissing(await acme.send('GET', path), 'One or both customers not found');
      }
    }
  });

  it.each([
    ['email1', 'email2=a%40b.com'],
    ['email2', 'email1=a%40b.com'],
    ['email1', 'email1=&email2=a%40b.com'],
    ['email2', 'email1=a%40b.com&email2=nobody'],
    ['email2', 'email1=a%40b.com&email2=c%40d.com&email2=e%40f.com'],
  ])('refuses %s of "%s"', async (field, query) => {
    const acme = await given.client();
    expectInvalid(await acme.send('GET', `/api/v1/messages/between?${query}`), field);
  });
});
