import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CampaignPreparation } from '../../src/engagement/campaigns/campaign-preparation.js';
import { dealing } from '../../src/engagement/campaigns/dealing.js';
import { CampaignShop, type ShownCampaign } from '../support/campaigns.js';
import { makeContact } from '../support/contacts.js';
import { givenTeams } from '../support/engagement.js';
import { accepted } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', TRACKING_SECRET: '7'.repeat(64) }));
const { team } = givenTeams(() => server);

let shop: CampaignShop;
let mails: MailServer;
beforeEach(async () => {
  mails = new MailServer();
  shop = new CampaignShop(await team(), mails);
  await shop.open();
});
afterEach(() => mails.stop());

const test = (fields: object = {}) => ({
  type: 'ab_test',
  tracking: { opens: true, clicks: true },
  ab_test: {
    variants: [
      { subject: 'About A', share: 20 },
      { subject: 'About B', share: 20 },
    ],
    ...{ winner_by: 'clicks', winner_after_minutes: 60, ...fields },
  },
});

async function people(many: number): Promise<{ readonly email: string; readonly id: number }[]> {
  return Promise.all(Array.from({ length: many }, () => makeContact(shop.owner)));
}

/** One whose test has gone out, to four of ten. */
async function tested(fields: object = {}): Promise<ShownCampaign> {
  const { id } = await shop.draft(test(fields));
  await shop.post(id, 'send');
  return until(async () => {
    const campaign = await shop.get(id);
    return campaign.winner_due_at === null ? null : campaign;
  }, 60);
}

/** What people did with a variant. */
const noticed = (column: 'opened_at' | 'clicked_at', letter: string, most: number) =>
  sql(
    `UPDATE campaign_recipients SET ${column} = now() WHERE client_id = $1 AND number IN (
       SELECT number FROM campaign_recipients WHERE client_id = $1 AND variant = $2 ORDER BY number LIMIT $3)`,
    ...[shop.team.uuid, letter, most],
  );
const comesTrue = () => sql(`UPDATE campaigns SET winner_due_at = now() WHERE client_id = $1`, shop.team.uuid);
const subjects = () => mails.received.map(({ headers }) => /^Subject: (.*)$/m.exec(headers)![1]!.trim()).sort();

describe('An A/B test', () => {
  it.each([
    ['clicks', 'clicked_at', 'B', 'B'],
    ['opens', 'opened_at', 'B', 'B'],
    ['opens', 'clicked_at', 'B', 'A'],
  ] as const)(
    'by %s, where there are %s of %s alone, is won by %s, and nobody is mailed twice',
    async (by, column, of, winner) => {
      const all = await people(10);
      const { id, status } = await tested({ winner_by: by });
      expect(status).toBe('sending');
      expect(subjects()).toEqual(['About A', 'About A', 'About B', 'About B']);
      expect(await shop.recipients(id, '&status=held')).toHaveLength(6);
      await noticed(column, of, 1);
      await comesTrue();
      // As many processes do.
      const preparation = server.get<CampaignPreparation>('CampaignPreparation');
      await Promise.all(Array.from({ length: 4 }, () => preparation.go()));
      expect(await shop.becomes(id, 'sent')).toMatchObject({ winner, sent_count: 10, recipients_count: 10 });
      expect(mails.received.map(({ to }) => to[0]).sort()).toEqual(all.map(({ email }) => email).sort());
      expect(subjects().filter((subject) => subject === `About ${winner}`)).toHaveLength(8);
      const { data } = accepted(await shop.owner.send('GET', `/campaigns/${id}/stats`)).body;
      expect(data).toMatchObject({
        held_count: 0,
        by_variant: ['A', 'B'].map((letter) => ({ letter, share: 20, sent_count: letter === winner ? 8 : 2 })),
      });
    },
  );

  it('deals on where it was, and what it links to is one link', async () => {
    await people(10);
    const html_body = '<a href="https://a.example/">a</a>';
    const variants = [{ share: 30 }, { share: 30, html_body: `${html_body}<a href="https://b.example/">b</a>` }];
    const { id } = await shop.draft({ ...test({ variants }), html_body });
    await sql('UPDATE campaigns SET dealt = 95 WHERE client_id = $1', shop.team.uuid);
    await shop.post(id, 'send');
    await until(async () => (await shop.get(id)).winner_due_at, 60);
    const shares = variants.map(({ share }, n) => ({ letter: 'AB'[n]!, share }));
    const turns = [...dealing(shares), ...dealing(shares)].slice(95, 105);
    expect((await shop.recipients(id)).map(({ variant }) => variant)).toEqual(turns);
    const { data } = accepted(await shop.owner.send('GET', `/campaigns/${id}/stats`)).body;
    expect(data).toMatchObject({
      by_link: [{ url: 'https://a.example/' }, { url: 'https://b.example/' }],
      held_count: turns.filter((letter) => letter === null).length,
    });
  });

  it('goes on early by hand, and passes over who left meanwhile', async () => {
    await people(10);
    const { id } = await tested();
    const [leaver, erased] = await shop.recipients(id, '&status=held');
    accepted(await shop.owner.send('PATCH', `/contacts/${leaver!.id as number}`, { status: 'unsubscribed' }));
    accepted(await shop.owner.send('DELETE', `/contacts/${erased!.id as number}`));
    expect((await shop.recipients(id, '&status=skipped')).map(({ error }) => error)).toEqual(['erased']);
    for (const variant of ['C', 'F', 7]) {
      expect(await shop.owner.send('POST', `/campaigns/${id}/winner`, { variant })).toMatchObject({
        ...{ status: 422, body: { errors: { variant: [expect.any(String)] } } },
      });
    }
    const other = await team();
    expect((await other.owner.send('POST', `/campaigns/${id}/winner`, { variant: 'B' })).status).toBe(404);
    await shop.post(id, 'pause');
    await shop.post(id, 'winner', { variant: 'B' });
    expect((await shop.owner.send('POST', `/campaigns/${id}/winner`, { variant: 'A' })).status).toBe(422);
    await shop.post(id, 'resume');
    expect(await shop.becomes(id, 'sent')).toMatchObject({ winner: 'B', sent_count: 8, skipped_count: 2 });
    expect(mails.received.flatMap(({ to }) => to)).not.toContain(leaver!.email);
    expect(subjects().filter((subject) => subject === 'About B')).toHaveLength(6);
  });

  it('mails nobody who is held once it is cancelled', async () => {
    await people(10);
    const { id } = await tested();
    await shop.post(id, 'cancel');
    await comesTrue();
    // Another's whole way: the worker has looked at everything that was due.
    const next = await shop.draft({ name: 'Next' });
    await shop.post(next.id, 'send');
    await shop.becomes(next.id, 'sent');
    expect(subjects().filter((subject) => subject.startsWith('About'))).toHaveLength(4);
    expect(await shop.recipients(id, '&status=held')).toHaveLength(6);
  });
});
