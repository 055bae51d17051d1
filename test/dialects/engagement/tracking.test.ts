import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TrackingUrls } from '../../../src/engagement/tracking/tracking-urls.js';
import { givenTeams, type TestTeam } from '../../support/engagement.js';
import { accepted, testClient } from '../../support/given.js';
import { asClient, Listener } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { campaignOf, givenMails, hit, type ReadMail as Mail } from '../../support/tracked-mails.js';
import { inWorkspace, keyOf } from '../../support/users.js';

// Its own: it signs the tokens, and a thousand requests at once are no stranger's.
const server = useServer(() => startServer({ LIMIT_TRACKING: 'off', LIMIT_UNSUBSCRIBE: 'off' }));
const given = givenTeams(() => server);
const { mailTo } = givenMails(() => server);
let team: TestTeam;
beforeAll(async () => {
  team = await given.team();
  await campaignOf(team);
});

const COUNTS = ['opened', 'clicked', 'machine_opens', 'machine_clicks', 'unsubscribed', 'bounced'];
async function countsOf({ uuid }: TestTeam): Promise<Record<string, number>> {
  const sums = COUNTS.map((name) => `coalesce(sum(${name}), 0)::int AS ${name}`).join();
  return (await sql<Record<string, number>>(`SELECT ${sums} FROM campaign_counters WHERE client_id = $1`, uuid))[0]!;
}
/** By how much they moved while this was done. */
async function moved(of: TestTeam, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await countsOf(of);
  await work();
  const after = await countsOf(of);
  return Object.fromEntries(
    COUNTS.flatMap((name) => (after[name] === before[name] ? [] : [[name, after[name]! - before[name]!]])),
  );
}
const clicksOf = async ({ uuid }: TestTeam): Promise<number[]> =>
  (await sql<{ clicks: number }>(`SELECT clicks FROM campaign_links WHERE client_id = $1 ORDER BY n`, uuid)).map(
    ({ clicks }) => clicks,
  );
const statusOf = async ({ owner }: TestTeam, { contact }: Mail): Promise<unknown[]> => {
  const { status, suppression } = accepted(await owner.send('GET', `/contacts/${contact.id}`)).body.data;
  return [status, (suppression as { reason: string } | null)?.reason ?? null];
};

describe('The pixel', () => {
  it('is a picture of one pixel, be the token what it may, and is not kept', async () => {
    const mail = await mailTo(team);
    const wrong = [
      mail.urls.open.replace(/.{5}\.gif$/, 'AAAAA.gif'),
      `${server.url}/t/o/x`,
      `${server.url}/t/o/%00.gif`,
    ];
    const counted = await moved(team, async () => {
      for (const url of [...wrong, mail.urls.open]) {
        const response = await hit(url);
        const bytes = Buffer.from(await response.arrayBuffer());
        expect([response.status, response.headers.get('content-type'), bytes.length]).toEqual([200, 'image/gif', 43]);
        expect([response.headers.get('cache-control'), response.headers.get('set-cookie')]).toEqual(['no-store', null]);
      }
    });
    expect(counted).toEqual({ opened: 1 });
  });

  it('counts one person, however often it is fetched at once', async () => {
    const mail = await mailTo(team);
    const counted = await moved(team, async () => {
      const responses = await Promise.all(Array.from({ length: 1_000 }, () => hit(mail.urls.open)));
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    });
    expect(counted).toEqual({ opened: 1 });
  });

  it.each<[string, string, RequestInit]>([
    ['a program', `now() - interval '1 hour'`, { headers: { 'user-agent': 'curl/8.5.0' } }],
    ['a HEAD', `now() - interval '1 hour'`, { method: 'HEAD' }],
    ['who is there at once', 'now()', {}],
  ])('counts %s apart, and who comes after it as a person', async (_, sentAt, init) => {
    const mail = await mailTo(team);
    const sent = (at: string) => sql(`UPDATE campaign_recipients SET sent_at = ${at} WHERE id = $1`, mail.id);
    await sent(sentAt);
    expect(await moved(team, () => Promise.all([hit(mail.urls.open, init), hit(mail.urls.open, init)]))).toEqual({
      machine_opens: 1,
    });
    await sent(`now() - interval '1 hour'`);
    expect(await moved(team, () => hit(mail.urls.open))).toEqual({ opened: 1 });
  });
});

describe('A link', () => {
  it('leads where it was meant to, says what it may on the way, and counts a person once', async () => {
    const mail = await mailTo(team, { first_name: 'Anna & Bert' });
    const before = await clicksOf(team);
    const counted = await moved(team, async () => {
      for (const url of [mail.urls.click(1), `${mail.urls.click(1)}?url=https://evil.example/`]) {
        const response = await hit(url);
        const to = `https://shop.example/?to=${encodeURIComponent(mail.contact.email)}&hi=Anna%20%26%20Bert`;
        expect([response.status, response.headers.get('location')]).toEqual([302, to]);
      }
    });
    expect(counted).toEqual({ clicked: 1 });
    expect(await clicksOf(team)).toEqual([before[0]! + 1, before[1], before[2]]);
  });

  it('leads nowhere by a token that is not right', async () => {
    const mail = await mailTo(team);
    const url = mail.urls.click(2);
    const changed = Array.from({ length: 70 }, (_, at) => {
      const letter = url.at(-70 + at) === 'A' ? 'B' : 'A';
      return url.slice(0, url.length - 70 + at) + letter + url.slice(url.length - 69 + at);
    });
    const cut = [url.slice(0, -1), `${server.url}/t/c/${'A'.repeat(10_000)}`, mail.urls.click(4)];
    const counted = await moved(team, async () => {
      for (const wrong of [...changed, ...cut, `${server.url}/t/c/${mail.urls.open.slice(-71, -4)}`]) {
        const response = await hit(`${wrong}?url=https://evil.example/`);
        expect([wrong, response.status, response.headers.get('location')]).toEqual([wrong, 404, null]);
        expect(await response.text()).toContain('leads nowhere');
      }
    });
    expect(counted).toEqual({});
  });

  it('is followed by a machine where three are within two seconds, and then nobody was a person', async () => {
    const mail = await mailTo(team);
    const before = await clicksOf(team);
    const follow = (links: readonly number[]) =>
      // In one transaction it is one moment, however slow this is.
      sql(`SELECT track_click($1, $2, link::smallint, false) FROM unnest($3::int[]) link`, team.uuid, mail.id, links);
    expect(await moved(team, () => follow([1, 2]))).toEqual({ clicked: 1 });
    await sql(`UPDATE campaign_clicks SET at = at - interval '1 minute' WHERE client_id = $1`, team.uuid);
    expect(await moved(team, () => follow([3, 1]))).toEqual({});
    expect(await clicksOf(team)).toEqual(before.map((clicks) => clicks + 1));
    const other = await mailTo(team);
    const fast = await moved(team, () =>
      sql(`SELECT track_click($1, $2, n::smallint, false) FROM generate_series(1, 3) n`, team.uuid, other.id),
    );
    expect(fast).toEqual({ machine_clicks: 1 });
    expect(await clicksOf(team)).toEqual(before.map((clicks) => clicks + 1));
    await sql(`UPDATE campaign_clicks SET at = at - interval '1 minute' WHERE client_id = $1`, team.uuid);
    expect(await moved(team, () => hit(other.urls.click(2)))).toEqual({ clicked: 1 });
  });

  it('is followed by a program apart', async () => {
    const mail = await mailTo(team);
    const before = await clicksOf(team);
    const program = { headers: { 'user-agent': 'Mozilla/5.0 (compatible; bingbot/2.0)' } };
    expect(await moved(team, () => hit(mail.urls.click(2), program))).toEqual({ machine_clicks: 1 });
    expect(await clicksOf(team)).toEqual(before);
  });
});

describe('Unsubscribing', () => {
  it('needs more than a look', async () => {
    const mail = await mailTo(team);
    const counted = await moved(team, async () => {
      for (const init of [{}, { method: 'HEAD' }, { headers: { purpose: 'prefetch', 'sec-purpose': 'prefetch' } }]) {
        const response = await hit(mail.urls.unsubscribe, init);
        expect(response.status).toBe(200);
        const page = await response.text();
        expect(page === '' || page.includes('<form method="post"><button>Unsubscribe</button></form>')).toBe(true);
      }
    });
    expect([counted, await statusOf(team, mail)]).toEqual([{}, ['active', null]]);
  });

  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  it.each<[string, RequestInit]>([
    ['one click', { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }],
    ['one click in parts', { body: form }],
    ['a page elsewhere', { headers: { origin: 'https://evil.example' } }],
    ['no body', {}],
    ['JSON', { body: '{"broken', headers: { 'content-type': 'application/json' } }],
    ['anything', { body: Buffer.alloc(100_000), headers: { 'content-type': 'application/x-unknown' } }],
  ])('is done by %s, at once, and no less done again', async (_, init) => {
    const mail = await mailTo(team);
    const counted = await moved(team, async () => {
      for (const _ of [1, 2]) {
        const response = await hit(mail.urls.unsubscribe, { method: 'POST', ...init });
        expect([response.status, response.headers.get('set-cookie')]).toEqual([200, null]);
        expect(await response.text()).toContain('You are unsubscribed.');
      }
    });
    expect([counted, await statusOf(team, mail)]).toEqual([{ unsubscribed: 1 }, ['unsubscribed', 'unsubscribed']]);
  });

  it('may be undone by who did it, but for what others said of the address', async () => {
    const [mail, bounced] = [await mailTo(team), await mailTo(team)];
    await sql(
      `SELECT suppress_address($1, $2, $3, 'bounced', 'bounce')`,
      team.uuid,
      randomUUID(),
      bounced.contact.email,
    );
    const counted = await moved(team, async () => {
      for (const { urls } of [mail, bounced]) {
        const page = await (await hit(urls.unsubscribe, { method: 'POST' })).text();
        const [, action] = /action="([^"]+)"/.exec(page)!;
        const undone = await hit(new URL(action!, urls.unsubscribe).href, { method: 'POST' });
        expect([undone.status, (await undone.text()).includes('subscribed again')]).toEqual([200, true]);
      }
    });
    expect(counted).toEqual({});
    expect(await statusOf(team, mail)).toEqual(['active', null]);
    expect(await statusOf(team, bounced)).toEqual(['unsubscribed', 'bounced']);
  });

  it('works for ever: of a campaign that is deleted, and of a contact that is erased', async () => {
    const other = await given.team();
    await campaignOf(other);
    const [mail, erased] = [await mailTo(other), await mailTo(other)];
    await sql(`UPDATE campaigns SET deleted_at = now() WHERE client_id = $1`, other.uuid);
    accepted(await other.owner.send('DELETE', `/contacts/${erased.contact.id}`));
    for (const { urls } of [mail, erased]) {
      expect((await hit(urls.unsubscribe, { method: 'POST' })).status).toBe(200);
      expect((await hit(urls.click(2))).status).toBe(302);
    }
    expect(await statusOf(other, mail)).toEqual(['unsubscribed', 'unsubscribed']);
    const suppressed = await other.owner.send('GET', `/suppressions?email=${erased.contact.email}`);
    expect(accepted(suppressed).body.data).toMatchObject([{ email: null, reason: 'unsubscribed', source: 'campaign' }]);
  });

  it('of a mail to try it out changes nothing, and by a wrong token is nothing', async () => {
    const urls = (await server.get<TrackingUrls>('TrackingUrls').of({ clientId: team.uuid })).of(null);
    const url = server.url + new URL(urls.unsubscribe).pathname;
    expect(await moved(team, () => hit(url, { method: 'POST' }))).toEqual({});
    for (const method of ['GET', 'POST']) {
      expect((await hit(`${url.slice(0, -3)}AAA`, { method })).status).toBe(404);
      expect((await hit(url, { method })).status).toBe(200);
    }
  });
});

it('tells of a person what is first, and who unsubscribes', async () => {
  const own = await given.team();
  await campaignOf(own);
  accepted(await own.owner.user!.send('PATCH', inWorkspace(own.workspace), { domain: 'example.com' }));
  const key = await keyOf(own.owner.user!, own.workspace, { scopes: ['*'] });
  const client = testClient(server.url, own.uuid, own.workspace.publicKey, key);
  const types = ['campaign.opened', 'campaign.clicked', 'email.unsubscribed'];
  const page = new Listener(server.url, own.workspace.publicKey, asClient(server.url, client));
  await page.subscribe('private-inbox');
  const mail = await mailTo(own);
  const { open, unsubscribe } = mail.urls;
  const link = mail.urls.click(2);
  for (const url of [open, open, link, link]) {
    await hit(url);
  }
  await hit(unsubscribe, { method: 'POST' });
  await hit(unsubscribe, { method: 'POST' });
  const [heard] = await page.next('email.unsubscribed', 1, 'private-inbox');
  expect(page.heard.map(({ event }) => event).filter((type) => types.includes(type))).toEqual(types);
  expect(heard!.data).toEqual({
    ...{ uuid: mail.id, campaign: { id: 1, uuid: expect.any(String), name: 'April' } },
    ...{ contact_id: mail.contact.id, email: mail.contact.email, sent_at: expect.any(String) },
    ...{ opened_at: expect.any(String), clicked_at: expect.any(String), unsubscribed_at: expect.any(String) },
  });
  page.end();
});
