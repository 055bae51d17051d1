import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { CampaignShop } from '../support/campaigns.js';
import { makeContact } from '../support/contacts.js';
import { givenTeams } from '../support/engagement.js';
import { accepted } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', TRACKING_SECRET: '7'.repeat(64) }));
const given = givenTeams(() => server);

let shop: CampaignShop;
let mails: MailServer;
beforeEach(async () => {
  mails = new MailServer();
  shop = new CampaignShop(await given.team(), mails);
  await shop.open();
});
afterEach(() => mails.stop());

it('goes once to each, however often its server hangs up', async () => {
  const { uuid } = shop.team;
  const count = 60;
  await sql(
    `INSERT INTO customers (client_id, id, name, email)
     SELECT $1, gen_random_uuid(), 'N' || n, 'n' || n || '@example.org' FROM generate_series(1, $2::int) AS n`,
    ...([uuid, count] as const),
  );
  // Every third time it hears the mail and does not say so; every third time it hangs up before the end.
  const steps = [{ drop: 'end' }, 'take', { drop: 'content' }] as const;
  mails.script.push(...Array.from({ length: count }, (_, at) => steps[at % steps.length]!));
  const { id } = await shop.draft();
  await shop.post(id, 'send');
  const sent = await until(async () => {
    // What is certainly not there waits minutes for another try.
    await sql(
      `UPDATE campaign_recipients SET next_attempt_at = now()
       WHERE client_id = $1 AND status = 'pending' AND next_attempt_at > now()`,
      uuid,
    );
    const campaign = await shop.get(id);
    return campaign.status === 'sent' ? campaign : null;
  });
  expect(sent).toMatchObject({ recipients_count: count, sent_count: 40, unknown_count: 20, failed_count: 0 });
  const copies = Array.from({ length: count }, (_, at) => mails.to(`n${at + 1}@example.org`).length);
  expect(copies).toEqual(copies.map(() => 1));
});

it.each<[string, string, (contact: number) => Promise<unknown>]>([
  ['unsubscribes', 'unsubscribed', (id) => shop.owner.send('PUT', `/contacts/${id}`, { status: 'unsubscribed' })],
  ['is erased', 'erased', (id) => shop.owner.send('DELETE', `/contacts/${id}`)],
  ['is readdressed', 'readdressed', (id) => shop.owner.send('PUT', `/contacts/${id}`, { email: 'new@example.org' })],
])('says nothing to who %s while its server is told whom it is for', async (_, error, change) => {
  const { id: contact } = await makeContact(shop.owner);
  // The mail is claimed, and the server hears to whom it goes.
  const asked = new Promise<void>((resolve) => {
    mails.beforeRecipient = async () => {
      accepted((await change(contact)) as Parameters<typeof accepted>[0]);
      resolve();
    };
  });
  const { id } = await shop.draft();
  await shop.post(id, 'send');
  await asked;
  expect(await shop.becomes(id, 'sent', 120)).toMatchObject({ sent_count: 0, skipped_count: 1 });
  expect((await shop.recipients(id)).map((one) => one.error)).toEqual([error]);
  expect(mails.received).toEqual([]);
});

it('begins none of its mails while it is paused, be they claimed', async () => {
  await makeContact(shop.owner);
  const { id } = await shop.draft();
  const paused = new Promise<void>((resolve) => {
    mails.beforeRecipient = async () => {
      mails.beforeRecipient = null;
      await shop.post(id, 'pause');
      resolve();
    };
  });
  await shop.post(id, 'send');
  await paused;
  const pending = () => shop.recipients(id, '&status=pending');
  await until(async () => (await pending()).length === 1);
  expect([await shop.get(id), mails.received]).toMatchObject([{ status: 'paused', sent_count: 0 }, []]);
  await shop.post(id, 'resume');
  expect(await shop.becomes(id, 'sent', 120)).toMatchObject({ sent_count: 1 });
  expect(mails.received).toHaveLength(1);
});
