import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../../support/exact.js';
import { fakeTwilio, newSid } from '../../support/fake-twilio.js';
import { signedForm } from '../../support/signed-form.js';
import { startFileServer } from '../../support/files.js';
import { signedBy } from '../../support/gateway.js';
import { accepted, call, type Reply, type TestClient } from '../../support/given.js';
import { mediaSite, PNG, served, type MediaSite } from '../../support/media.js';
import { miscounted, OUR_NUMBER, phonesOn } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { givenUsers, inWorkspace } from '../../support/users.js';

const PHONE = '+14155552671';
const NUMBER = '+14155550100';
const PUBLIC_URL = 'https://chat.example.com';

let site: MediaSite;
let twilio: Awaited<ReturnType<typeof fakeTwilio>>;
beforeAll(async () => {
  await ownDatabase();
  site = await mediaSite({
    '/photo.png': served('image/png', PNG),
    '/page': served('text/html; charset=utf-8', '<script>alert(1)</script>'),
  });
});
const server = useServer(async () => {
  twilio = await fakeTwilio([NUMBER]);
  return startFileServer({ ROLE: 'all', PUBLIC_URL, TWILIO_URL: twilio.url });
});
afterAll(async () => {
  site.close();
  await twilio.close();
});
const given = phonesOn(() => server);
const users = givenUsers(() => server);

const error = ({ status, body }: Reply): unknown => [status, (body as { error?: string }).error];
/** A signed address as this server has it, on the port that it happens to have here. */
const here = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${server.url}${pathname}${search}`;
};

describe('Media that a phone sends', () => {
  /** What waits for its next try; what is under way is left alone, or it would be tried twice. */
  const hurry = (of: TestClient) =>
    sql(
      `UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1 AND tries > 0 AND tries = attempts`,
      of.uuid,
    );
  const asPhone = async () => {
    const { owner, workspace } = await users.team();
    accepted(await owner.send('POST', inWorkspace(workspace, '/phone-numbers'), { number: OUR_NUMBER }));
    const of = { uuid: parseId('client', workspace.id)! } as TestClient;
    await sql(`INSERT INTO listeners (client_id, id) VALUES ($1, gen_random_uuid())`, of.uuid);
    const say = async (body: object) => {
      const message = { from: PHONE, to: OUR_NUMBER, ...body };
      return owner.send('POST', inWorkspace(workspace, '/simulator/inbound'), message);
    };
    const received = (sid: string): Promise<Reply['body']> =>
      until(async () => {
        const { body } = accepted(await owner.send('GET', inWorkspace(workspace, `/messages/${sid}`)));
        return body.status === 'received' ? body : null;
      }, 20);
    const told = () =>
      sql<{ type: string; status: string }>(
        `SELECT type, data->>'status' AS status FROM events WHERE client_id = $1 AND type LIKE 'delivery.%'`,
        of.uuid,
      );
    return { owner, workspace, of, say, received, told };
  };

  it('is fetched, and then there is the message, told once', async () => {
    const { of, say, received, told } = await asPhone();
    const first = accepted(await say({ body: 'Look', mediaUrls: [`${site.url}/photo.png`, `${site.url}/page`] })).body;
    expect(first).toMatchObject({ status: 'receiving', medium: 'mms', body: null, media: [], deleted: false });
    const shown = await received(first.sid as string);
    expect(shown).toMatchObject({ body: 'Look', segments: 1, deleted: false });
    expect(shown.media).toMatchObject([{ contentType: 'image/png' }, { contentType: 'text/html' }]);
    const page = await fetch(here(shown.media[1].url as string));
    expect([page.status, page.headers.get('content-disposition')]).toEqual([200, 'attachment; filename="page"']);
    await page.arrayBuffer();
    expect(await told()).toEqual([{ type: 'delivery.created', status: 'received' }]);
    expect(await miscounted(of)).toEqual([]);
    await expectExactRows(of.uuid);
  });

  it('is tried three times, and then said to be missing', async () => {
    const { of, say, received } = await asPhone();
    const [good, bad] = [`/${randomUUID()}`, `/${randomUUID()}`];
    site.files[good] = served('image/png', PNG);
    const hurrying = setInterval(() => void hurry(of), 100);
    const { sid } = accepted(await say({ mediaUrls: [site.url + good, site.url + bad] })).body;
    const shown = await received(sid as string).finally(() => clearInterval(hurrying));
    expect(shown).toMatchObject({ body: '[File 2 of 2 could not be received]', media: [{ size: PNG.length }] });
    const times = (path: string): number => site.asked.filter((one) => one.path === path).length;
    expect([times(good), times(bad)]).toEqual([1, 3]);
    expect(await miscounted(of)).toEqual([]);
    expect(await sql(`SELECT FROM delivery_jobs WHERE client_id = $1`, of.uuid)).toEqual([]);
  });

  it('is what was sent to it, where it echoes', async () => {
    const acme = await given.client();
    await given.address(acme);
    const headers = { authorization: `Bearer ${acme.secretKey}` };
    const sent = { to: '+15005550015', body: 'Look', media: `${site.url}/photo.png` };
    accepted(await call(`${server.url}/api/messages`, 'POST', sent, headers));
    const echo = await until(async () => {
      const reply = await call(`${server.url}/api/messages?direction=inbound`, 'GET', undefined, headers);
      const { data } = accepted(reply).body;
      return (data as { sid: string; body: string; media: { size: number }[] }[])[0] ?? null;
    });
    expect(echo).toMatchObject({ body: 'Look', status: 'received', medium: 'mms', media: [{ size: PNG.length }] });
    expect(await miscounted(acme)).toEqual([]);
  });

  it('is ten files at most, and a STOP beside it is heeded at once', async () => {
    const { of, say, received } = await asPhone();
    const many = Array.from({ length: 11 }, () => `${site.url}/photo.png`);
    expect(error(await say({ mediaUrls: many }))).toEqual([400, 'invalid_media']);
    const { sid } = accepted(await say({ body: 'STOP', mediaUrls: [`${site.url}/photo.png`] })).body;
    expect(await sql(`SELECT FROM opt_outs WHERE client_id = $1`, of.uuid)).toHaveLength(1);
    expect(await received(sid as string)).toMatchObject({ body: 'STOP', media: [{ size: PNG.length }] });
  });
});

describe('Media that a provider tells of', () => {
  const withProvider = async (livemode: boolean, settings: object, number: string) => {
    const { owner, workspace } = await users.team({ livemode });
    const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
      owner.send(method, inWorkspace(workspace, path), body);
    const set = accepted(await ask('PUT', '/provider', settings)).body as { secret: string; inboundUrl: string };
    accepted(await ask('POST', '/phone-numbers', { number }));
    const tell = async ({ text: body, headers }: { text: string; headers: Record<string, string> }): Promise<void> => {
      const url = set.inboundUrl.replace(PUBLIC_URL, server.url);
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
    };
    const received = () =>
      until(async () => {
        const { data } = accepted(await ask('GET', '/messages')).body as { data: { status: string }[] };
        return data.length > 0 && data.every(({ status }) => status === 'received') ? data : null;
      }, 20);
    return { ...set, tell, received, uuid: parseId('client', workspace.id)! };
  };
  const LOOK = { body: 'Look', medium: 'mms', media: [{ contentType: 'image/png', size: PNG.length }] };

  it('is fetched from a gateway', async () => {
    const { tell, received, secret, uuid } = await withProvider(false, { kind: 'http', url: site.url }, OUR_NUMBER);
    const media = [`${site.url}/photo.png`];
    await tell(signedBy(secret, { id: 'in-1', from: PHONE, to: OUR_NUMBER, body: 'Look', media }));
    expect(await received()).toMatchObject([LOOK]);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('is fetched from Twilio, and Twilio alone is told who asks', async () => {
    const { accountSid, authToken } = twilio;
    const settings = { kind: 'twilio', accountSid, authToken };
    const { tell, received, inboundUrl, uuid } = await withProvider(true, settings, NUMBER);
    const path = `/2010-04-01/Accounts/${accountSid}/Messages/${newSid('MM')}/Media/${newSid('ME')}`;
    const stored = `/${randomUUID()}`;
    site.files[stored] = served('image/png', PNG);
    twilio.files[path] = site.url + stored;
    const request = signedForm(authToken, inboundUrl, {
      ...{ MessageSid: newSid('MM'), AccountSid: accountSid, From: PHONE, To: NUMBER, Body: 'Look', NumMedia: '1' },
      ...{ MediaUrl0: `https://api.twilio.com${path}`, MediaContentType0: 'image/png' },
    });
    await tell(request);
    await tell(request);
    expect(await received()).toMatchObject([LOOK]);
    const asked = site.asked.filter((one) => one.path === stored);
    expect(asked).toEqual([{ path: stored, authorization: undefined }]);
    expect(await miscounted({ uuid })).toEqual([]);
  });
});
