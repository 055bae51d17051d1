import type { Statement } from '../../platform/database/statement.js';

/** The mails of recipients `$2` were shown, by machines where `$3` says so. */
export const OPEN: Statement = {
  name: 'tracking.open',
  text: `
    SELECT track_opens($1, array_agg(one.id), array_agg(shown.by_machine)) AS raised
    FROM unnest($2::uuid[], $3::boolean[]) AS shown (id, by_machine)
    JOIN campaign_recipients one ON one.client_id = $1 AND one.id = shown.id`,
};

/** Link `$3` in the mail of recipient `$2` was followed, by a machine where `$4` says so. No row: there is no such link. */
export const CLICK: Statement = {
  name: 'tracking.click',
  text: `
    SELECT link.url, client.name AS "workspaceName", contact.first_name AS "firstName", contact.last_name AS "lastName",
           recipient.address AS email, contact.phone, contact.company, contact.job_title AS "jobTitle", contact.city,
           contact.country, coalesce(contact.custom_fields, '{}') AS "customFields",
           track_click($1, recipient.id, link.n, $4) AS raised
    FROM campaign_recipients recipient
    JOIN campaign_links link ON link.client_id = $1 AND link.campaign = recipient.campaign AND link.n = $3
    JOIN clients client ON client.id = $1
    LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = recipient.customer_id
    WHERE recipient.client_id = $1 AND recipient.id = $2`,
};

/** Recipient `$2` wants no more mails; `$3` is the id of the suppression where that is new. */
export const UNSUBSCRIBE: Statement = {
  name: 'tracking.unsubscribe',
  text: `
    SELECT unsubscribe_recipient($1, recipient.id, $3) AS raised
    FROM campaign_recipients recipient WHERE recipient.client_id = $1 AND recipient.id = $2`,
};

/** Recipient `$2` did not mean to. */
export const RESUBSCRIBE: Statement = {
  name: 'tracking.resubscribe',
  text: `
    SELECT resubscribe_recipient($1, recipient.id) AS raised
    FROM campaign_recipients recipient WHERE recipient.client_id = $1 AND recipient.id = $2`,
};

/** What became of recipients `$2`. */
export const FIND_MANY: Statement = {
  name: 'tracking.find_many',
  text: `
    SELECT recipient.id, recipient.campaign::float8 AS campaign, campaign.id AS "campaignId", campaign.name AS "campaignName",
           contact.number::float8 AS contact, recipient.address AS email, recipient.sent_at AS "sentAt",
           recipient.opened_at AS "openedAt", recipient.clicked_at AS "clickedAt",
           recipient.unsubscribed_at AS "unsubscribedAt"
    FROM campaign_recipients recipient
    JOIN campaigns campaign ON campaign.client_id = $1 AND campaign.number = recipient.campaign
    LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = recipient.customer_id
    WHERE recipient.client_id = $1 AND recipient.id = ANY($2::uuid[])`,
};
