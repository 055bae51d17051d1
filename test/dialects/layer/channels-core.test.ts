import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../../support/exact.js';
import { must } from '../../support/given.js';
import type { LayerSession } from '../../support/layer.js';
import { channelOf, open } from '../../support/layer-channels.js';
import {
  ACCESS_DENIED,
  at,
  bodies,
  expectLayerError,
  NOT_FOUND,
  read,
  talkingOn,
  uuidOf,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const talking = () => talkingOn(() => server);

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const send = (by: LayerSession, body: object) => by.send('POST', '/channels', body);

describe('To the core', () => {
  it('it is a custom channel, which it may rename, fill and delete', async () => {
    const { app, john, jane } = await talking();
    const channel = await open(john, 'lunch');
    const id = channelOf(channel);
    const { api } = app.client;
    const params = { path: { id } };
    const shown = must(await api.GET('/api/v1/channels/{id}', { params }));
    expect([shown.type, shown.name, shown.customers.length]).toEqual(['custom', 'lunch', 1]);
    const [janes] = (await app.client.send('GET', '/api/v1/customers?external_id=jane')).body.data;
    must(await api.POST('/api/v1/channels/{id}/customers', { params, body: { customer_uuids: [janes.id] } }));
    must(await api.PATCH('/api/v1/channels/{id}', { params, body: { name: 'dinner' } }));
    // Whoever is in it, it is the one of its name.
    expect((await send(jane, { name: 'dinner' })).body.id).toBe(channel.id);
    await open(jane, 'lunch');
    const taken = await app.client.send('PATCH', `/api/v1/channels/${id}`, { name: 'lunch' });
    expect([taken.status, Object.keys(taken.body.errors)]).toEqual([422, ['name']]);
    const body = { channel_uuid: id, sender_uuid: janes.id, type: 'text' as const, content: 'Hello' };
    must(await api.POST('/api/v1/messages', { body }));
    expect(bodies(await read(john, `${at(channel)}/messages`))).toEqual(['Hello']);
    const gone = await api.DELETE('/api/v1/channels/{id}/customers/{customer_id}', {
      params: { path: { id, customer_id: janes.id } },
    });
    expect(gone.response.status).toBe(204);
    expect((await read(jane, at(channel))).membership).toBeNull();
    expect((await send(jane, { name: 'dinner' })).body.id).toBe(channel.id);
  });

  it('its own channel of the same name and people is another', async () => {
    const { app, john, jane } = await talking();
    const channel = await open(john, 'lunch', jane);
    const { body } = await app.client.send('GET', '/api/v1/customers');
    const customer_uuids = body.data.map((customer: { id: string }) => customer.id);
    const own = must(
      await app.client.api.POST('/api/v1/channels', { body: { type: 'custom', name: 'lunch', customer_uuids } }),
    );
    expect(own.id).not.toBe(channelOf(channel));
    expect(ids(await read(john, '/channels'))).toEqual([channel.id]);
    expectLayerError(await john.send('GET', `/channels/${parseId('channel', own.id)!}`), NOT_FOUND);
  });

  it('outlives who made it, and is then nobody’s', async () => {
    const { app, john, jane } = await talking();
    const channel = await open(john, 'lunch', jane);
    const [johns] = (await app.client.send('GET', '/api/v1/customers?external_id=john')).body.data;
    expect((await app.client.send('DELETE', `/api/v1/customers/${johns.id as string}`)).status).toBeLessThan(300);
    const [row] = await sql(
      'SELECT count(*)::int FROM channel_members WHERE is_owner AND channel_id = $1',
      uuidOf(channel),
    );
    expect(row!.count).toBe(0);
    expect((await read(jane, at(channel))).membership.role).toBe('user');
    expectLayerError(await jane.send('DELETE', at(channel)), ACCESS_DENIED);
    await expectExactRows(app.client.uuid);
  });
});
