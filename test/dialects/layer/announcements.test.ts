import { beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, given as givenOn, must, type TestClient } from '../../support/given.js';
import { layerApp, type LayerApp, type LayerSession } from '../../support/layer.js';
import {
  at,
  expectLayerError,
  expectWrong,
  NOT_FOUND,
  NOTHING,
  read,
  strangerOn,
  uuidOf,
} from '../../support/layer-talk.js';
import { LayerSocket } from '../../support/layer-socket.js';
import { useServer } from '../../support/server.js';

const server = useServer();
let acme: TestClient;
let app: LayerApp;
beforeAll(async () => {
  acme = await given.client();
  app = await layerApp(() => server, acme);
});
const given = givenOn(() => server);

/** Users nobody else has announced anything to. */
const users = (...names: string[]) =>
  Promise.all(names.map((name) => app.session(`${name} ${Math.random().toString(36).slice(2)}`)));
async function customerOf({ userId }: LayerSession): Promise<string> {
  const query = `external_id=${encodeURIComponent(userId)}`;
  return (await acme.send('GET', `/api/v1/customers?${query}`)).body.data[0].id;
}
async function announce(body: string, ...recipients: LayerSession[]) {
  const recipient_uuids = await Promise.all(recipients.map(customerOf));
  const parts = [{ mime_type: 'text/plain', body }];
  return must(await acme.api.POST('/api/v1/announcements', { body: { recipient_uuids, sender_name: 'Shop', parts } }));
}
const countsOf = async ({ id }: { id: string }) => {
  const { recipient_count, delivered_count, read_count } = (await acme.send('GET', `/api/v1/announcements/${id}`)).body;
  return [recipient_count, delivered_count, read_count];
};

describe('Announcements', () => {
  it('are like messages, of a sender who is only a name', async () => {
    const [john, jane] = await users('john', 'jane');
    await announce('We are open.', john!, jane!);
    const [one, ...more] = await read(john!, '/announcements');
    expect(more).toEqual([]);
    const id = uuidOf(one);
    const url = `${server.url}/layer/announcements/${id}`;
    const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const part = one.parts[0].id.split('/').at(-1);
    expect(one).toEqual({
      id: `layer:///announcements/${id}`,
      url,
      receipts_url: `${url}/receipts`,
      position: Date.parse(one.sent_at),
      parts: [
        {
          id: `layer:///announcements/${id}/parts/${part}`,
          ...{ url: `${url}/parts/${part}`, message_url: url },
          ...{ mime_type: 'text/plain', body: 'We are open.', updated_at: moment },
        },
      ],
      ...{ sent_at: moment, received_at: moment, updated_at: moment },
      sender: { id: null, url: null, user_id: null, display_name: 'Shop', avatar_url: null },
      is_unread: true,
      recipient_status: { [john!.identity]: 'sent' },
    });
    expect(await read(john!, at(one))).toEqual(one);
  });

  it('are listed newest first, page by page', async () => {
    const [john] = await users('john');
    for (const body of ['1', '2', '3', '4', '5']) {
      await announce(body, john!);
    }
    const page = async (query: string) => {
      const { body, headers } = await john!.send('GET', `/announcements?${query}`);
      expect(headers.get('layer-count')).toBe('5');
      return body;
    };
    const first = await page('page_size=2');
    const second = await page(`page_size=2&from_id=${encodeURIComponent(first[1].id)}`);
    const third = await page(`page_size=2&from_id=${uuidOf(second[1])}`);
    const bodies = [...first, ...second, ...third].map(({ parts }) => parts[0].body);
    expect(bodies).toEqual(['5', '4', '3', '2', '1']);
    const [other] = await users('other');
    expectWrong(await other!.send('GET', `/announcements?from_id=${uuidOf(first[0])}`), 'from_id');
    expectWrong(await john!.send('GET', '/announcements?from_id=nonsense'), 'from_id');
    expectWrong(await john!.send('GET', '/announcements?page_size=0'), 'page_size');
  });

  it('are delivered, then read, and read they stay; with each recipient by itself', async () => {
    const [john, jane] = await users('john', 'jane');
    const made = await announce('Hello', john!, jane!);
    const [one] = await read(john!, '/announcements');
    const receipt = (type: string) => john!.send('POST', `${at(one)}/receipts`, { type });
    const seen = async (by: LayerSession) => {
      const { is_unread, recipient_status } = await read(by, at(one));
      return [is_unread, recipient_status];
    };
    expect((await receipt('delivery')).status).toBe(204);
    expect(await seen(john!)).toEqual([true, { [john!.identity]: 'delivered' }]);
    expect(await countsOf(made)).toEqual([2, 1, 0]);
    expect((await receipt('read')).status).toBe(204);
    expect((await receipt('delivery')).status).toBe(204);
    expect(await seen(john!)).toEqual([false, { [john!.identity]: 'read' }]);
    expect(await seen(jane!)).toEqual([true, { [jane!.identity]: 'sent' }]);
    expect(await countsOf(made)).toEqual([2, 1, 1]);
    expectWrong(await receipt('seen'), 'type');
  });

  it('are deleted from the devices of one, and stay with the others', async () => {
    const [john, jane] = await users('john', 'jane');
    const made = await announce('Hello', john!, jane!);
    const [one] = await read(john!, '/announcements');
    expect((await john!.send('DELETE', at(one))).status).toBe(204);
    expectLayerError(await john!.send('DELETE', at(one)), NOT_FOUND);
    expectLayerError(await john!.send('GET', at(one)), NOT_FOUND);
    expect(await read(john!, '/announcements')).toEqual([]);
    expect(await read(jane!, '/announcements')).toHaveLength(1);
    expect(await countsOf(made)).toEqual([1, 0, 0]);
  });

  it('are nobody else’s', async () => {
    const [john, other] = await users('john', 'other');
    await announce('Hello', john!);
    const [one] = await read(john!, '/announcements');
    const paths = [at(one), ...NOTHING.map((id) => `/announcements/${id}`)];
    for (const by of [other!, await strangerOn(() => server)]) {
      for (const path of paths) {
        expectLayerError(await by.send('GET', path), NOT_FOUND);
        expectLayerError(await by.send('DELETE', path), NOT_FOUND);
        expectLayerError(await by.send('POST', `${path}/receipts`, { type: 'read' }), NOT_FOUND);
      }
    }
    expect(await read(john!, at(one))).toEqual(one);
  });

  it('are told to the sockets of each recipient, and what one did with it to its own alone', async () => {
    const [john, jane, other] = await users('john', 'jane', 'other');
    const open = ({ token }: LayerSession) => LayerSocket.open(server.url, token);
    const sockets = await Promise.all([john!, jane!, other!].map(open));
    const [his, hers, others] = sockets as [LayerSocket, LayerSocket, LayerSocket];
    await announce('Hello', john!, jane!);
    const [shown] = await read(john!, '/announcements');
    const [[told], [toldHer]] = await Promise.all([
      his.next('create', 'Announcement'),
      hers.next('create', 'Announcement'),
    ]);
    expect(told).toEqual({
      ...{ operation: 'create', object: { type: 'Announcement', id: shown.id, url: shown.url }, data: shown },
    });
    expect(toldHer.data.recipient_status).toEqual({ [jane!.identity]: 'sent' });
    accepted(await john!.send('POST', `${at(shown)}/receipts`, { type: 'read' }));
    const [marked] = await his.next('update', 'Announcement');
    expect(marked.object.id).toBe(shown.id);
    expect(marked.data).toEqual([
      { operation: 'set', property: `recipient_status.${john!.identity.replaceAll('.', '\\.')}`, value: 'read' },
    ]);
    accepted(await john!.send('DELETE', at(shown)));
    const [gone] = await his.next('delete', 'Announcement');
    expect(gone).toMatchObject({ object: { id: shown.id }, data: { mode: 'my_devices' } });
    await announce('Again', other!);
    await others.next('create', 'Announcement');
    expect(others.changes('create', 'Announcement').map(({ data }) => data.parts[0].body)).toEqual(['Again']);
    expect([...hers.changes('update', 'Announcement'), ...hers.changes('delete', 'Announcement')]).toEqual([]);
    sockets.forEach((one) => one.end());
  });
});
