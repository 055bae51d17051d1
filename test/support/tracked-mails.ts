import { randomUUID } from 'node:crypto';
import type { MailUrls } from '../../src/engagement/campaigns/content/mail-texts.js';
import type { TrackingUrls } from '../../src/engagement/tracking/tracking-urls.js';
import { makeContact } from './contacts.js';
import type { TestTeam } from './engagement.js';
import type { TestServer } from './server.js';
import { sql } from './sql.js';

export const PERSON =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
export const LINKS = [
  'https://shop.example/?to={{email}}&hi={{first_name|you}}',
  'https://b.example/',
  'https://c.example/',
];

export interface ReadMail {
  readonly id: string;
  readonly contact: { readonly id: number; readonly uuid: string; readonly email: string };
  readonly urls: MailUrls;
}

/** Campaign 1 of a team, with its links. */
export async function campaignOf({ uuid }: TestTeam): Promise<void> {
  await sql(`INSERT INTO campaigns (client_id, number, id, name) VALUES ($1, 1, $2, 'April')`, uuid, randomUUID());
  await sql(
    `INSERT INTO campaign_links (client_id, campaign, n, url)
     SELECT $1, 1, n, url FROM unnest($2::text[]) WITH ORDINALITY AS link (url, n)`,
    ...[uuid, LINKS],
  );
}

/** As a person's browser asks. */
export const hit = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { redirect: 'manual', ...init, headers: { 'user-agent': PERSON, ...init.headers } });

export const givenMails = (server: () => TestServer) => ({
  /** A mail that its server took an hour ago. */
  mailTo: async (of: TestTeam, fields: object = {}): Promise<ReadMail> => {
    const contact = await makeContact(of.owner, fields);
    const id = randomUUID();
    await sql(
      `INSERT INTO campaign_recipients
       (client_id, campaign, number, id, customer_id, address, address_hash, status, sent_at)
     VALUES ($1, 1, $2, $3, $4, $5, suppression_hash($1, $5), 'sent', now() - interval '1 hour')`,
      ...[of.uuid, contact.id, id, contact.uuid, contact.email],
    );
    const urls = (await server().get<TrackingUrls>('TrackingUrls').of({ clientId: of.uuid })).of(id);
    const here = (url: string): string => server().url + new URL(url).pathname;
    return {
      ...{ id, contact },
      urls: { unsubscribe: here(urls.unsubscribe), open: here(urls.open), click: (link) => here(urls.click(link)) },
    };
  },
});
