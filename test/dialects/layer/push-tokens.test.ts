import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { accepted, given as givenOn, type TestClient } from '../../support/given.js';
import { layerApp, type LayerSession } from '../../support/layer.js';
import { expectLacking, expectLayerError, expectWrong } from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';

const server = useServer();
let acme: TestClient;
let john: LayerSession;
let devices: string;
const given = givenOn(() => server);

/** A user of an app of its own. */
async function newUser(): Promise<void> {
  acme = await given.client();
  john = await (await layerApp(() => server, acme)).session('john');
  const { body } = await acme.send('GET', '/api/v1/customers?external_id=john');
  devices = `/api/v1/customers/${body.data[0].id}/devices?limit=100`;
}
const hex = (): string => randomBytes(32).toString('hex');
const phone = (change: object = {}) => ({ token: hex(), type: 'apns', device_id: 'phone', ...change });
const registered = async () => (await acme.send('GET', devices)).body.data;

describe('POST /push_tokens', () => {
  it('registers a device, or its new token', async () => {
    await newUser();
    const first = await john.send('POST', '/push_tokens', phone({ apns_bundle_id: 'com.example.chat' }));
    expect({ status: first.status, text: first.text }).toEqual({ status: 202, text: '' });
    const token = hex();
    const second = await john.send('POST', '/push_tokens', phone({ token, type: 'gcm', gcm_sender_id: '1234' }));
    expect(second.status).toBe(202);
    expect(await registered()).toEqual([
      expect.objectContaining({
        ...{ device_id: 'phone', provider: 'fcm', token: `…${token.slice(-4)}`, bundle_id: null },
      }),
    ]);
  });

  it('takes what the SDKs send besides', async () => {
    await newUser();
    const more = { ios_version: '17.1', apns_bundle_id: 'com.example.chat', constructor: 'x' };
    expect((await john.send('POST', '/push_tokens', phone(more))).status).toBe(202);
    expect(await registered()).toHaveLength(1);
  });

  it('refuses the 26th', async () => {
    await newUser();
    for (let at = 0; at < 25; at += 1) {
      expect((await john.send('POST', '/push_tokens', phone({ device_id: `${at}` }))).status).toBe(202);
    }
    expectLayerError(await john.send('POST', '/push_tokens', phone()), [422, 'invalid_operation', 9]);
    expect((await john.send('POST', '/push_tokens', phone({ device_id: '7' }))).status).toBe(202);
    expect(await registered()).toHaveLength(25);
  });

  it('says what is wrong', async () => {
    await newUser();
    expectLacking(await john.send('POST', '/push_tokens', phone({ token: undefined })), 'token');
    expectLacking(await john.send('POST', '/push_tokens', phone({ device_id: undefined })), 'device_id');
    expectWrong(await john.send('POST', '/push_tokens', phone({ type: 'webpush' })), 'type');
    expectWrong(await john.send('POST', '/push_tokens', phone({ token: 'no digits' })), 'token');
    expect(await registered()).toEqual([]);
  });
});

describe('DELETE /push_tokens/:device_id', () => {
  it('forgets it, again too, and nobody else’s of that name', async () => {
    await newUser();
    const jane = await (await layerApp(() => server, acme)).session('jane');
    const name = 'a phone/№ 1';
    accepted(await john.send('POST', '/push_tokens', phone({ device_id: name })));
    const path = `/push_tokens/${encodeURIComponent(name)}`;
    expect((await jane.send('DELETE', path)).status).toBe(202);
    expect(await registered()).toHaveLength(1);
    expect((await john.send('DELETE', path)).status).toBe(202);
    expect(await registered()).toEqual([]);
    expect((await john.send('DELETE', path)).status).toBe(202);
    expect((await john.send('DELETE', '/push_tokens/%00')).status).toBe(202);
  });
});
