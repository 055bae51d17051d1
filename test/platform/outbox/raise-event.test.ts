import { expect, it } from '@jest/globals';
import type pg from 'pg';
import { DRAW_NUMBERS } from '../../../src/clients/draw-numbers.js';
import { CHANGE_CUSTOMER } from '../../../src/customers/customer-functions.js';
import { KEEP_CONVERSATION } from '../../../src/delivery/conversations/keep-conversation.js';
import { READ_CONVERSATION } from '../../../src/delivery/conversations/read-conversation.js';
import * as DELIVERY from '../../../src/delivery/deliveries/delivery-functions.js';
import * as TIMES from '../../../src/delivery/deliveries/delivery-times.js';
import * as SUBMISSION from '../../../src/delivery/deliveries/submit-functions.js';
import * as ANALYTICS from '../../../src/engagement/analytics/daily-stat-functions.js';
import * as CONTACT_EVENTS from '../../../src/engagement/contacts/contact-events.js';
import * as FORGETTING from '../../../src/delivery/email/messages/forget-functions.js';
import * as MAILBOX_EVENTS from '../../../src/delivery/email/imap/mailbox-events.js';
import * as MAIL_EVENTS from '../../../src/delivery/email/outbound/mail-events.js';
import * as MAILS from '../../../src/delivery/email/outbound/mail-functions.js';
import * as CAMPAIGNS from '../../../src/engagement/campaigns/campaign-functions.js';
import * as SENDING from '../../../src/engagement/campaigns/sending-functions.js';
import * as CONTACTS from '../../../src/engagement/contacts/contact-functions.js';
import * as CONTACT_MERGES from '../../../src/engagement/contacts/merge-functions.js';
import * as CHANGES from '../../../src/engagement/conversations/change-conversation.js';
import * as CONVERSATION_EVENTS from '../../../src/engagement/conversations/conversation-events.js';
import * as FOLLOWING from '../../../src/engagement/conversations/follow-conversation.js';
import * as CONVERSATION_MERGES from '../../../src/engagement/conversations/merge-functions.js';
import { FORGET_WORDS } from '../../../src/engagement/message-search/search-functions.js';
import * as RATINGS from '../../../src/engagement/ratings/rating-functions.js';
import * as SUPPRESSIONS from '../../../src/engagement/suppressions/suppression-functions.js';
import * as TRACKING from '../../../src/engagement/tracking/tracking-functions.js';
import * as TRIGGERS from '../../../src/engagement/workflows/triggers/trigger-functions.js';
import { COUNT_TAGGED } from '../../../src/engagement/tags/tag-functions.js';
import { FOLLOW_SEND, RAISE_MESSAGE } from '../../../src/messages/raise-message.js';
import { RAISE_EVENT } from '../../../src/platform/outbox/raise-event.js';
import { beside } from '../../support/sql.js';

const definitionIn = async (connection: pg.Client, name: string): Promise<string> => {
  const kind = name.includes('(') ? 'regprocedure' : 'regproc';
  const { rows } = await connection.query<{ text: string }>(`SELECT pg_get_functiondef($1::${kind}) AS text`, [name]);
  return rows[0]!.text.replaceAll(/\s+/g, ' ');
};

it.each([
  ['raise_event', RAISE_EVENT],
  ['raise_message', RAISE_MESSAGE],
  ['follow_send', FOLLOW_SEND],
  ['draw_numbers', DRAW_NUMBERS],
  ['change_customer(uuid,uuid,text,text,text,boolean,jsonb,text)', CHANGE_CUSTOMER],
  ['count_tagged', COUNT_TAGGED],
  ['track_opens', TRACKING.TRACK_OPENS],
  ['track_click', TRACKING.TRACK_CLICK],
  ['unsubscribe_recipient', TRACKING.UNSUBSCRIBE_RECIPIENT],
  ['resubscribe_recipient', TRACKING.RESUBSCRIBE_RECIPIENT],
  ['answer_campaign', TRACKING.ANSWER_CAMPAIGN],
  ['bounce_recipient', TRACKING.BOUNCE_RECIPIENT],
  ['keep_conversation', KEEP_CONVERSATION],
  ['forget_words', FORGET_WORDS],
  ['read_conversation', READ_CONVERSATION],
  ...Object.entries({
    ...DELIVERY,
    ...TIMES,
    ...SUBMISSION,
    ...MAILS,
    ...MAIL_EVENTS,
    ...MAILBOX_EVENTS,
    ...FORGETTING,
    ...CONTACTS,
    ...CONTACT_EVENTS,
    ...CONTACT_MERGES,
    ...CONVERSATION_MERGES,
    ...CONVERSATION_EVENTS,
    ...SUPPRESSIONS,
    ...FOLLOWING,
    ...CHANGES,
    ...ANALYTICS,
    ...RATINGS,
    ...CAMPAIGNS,
    ...SENDING,
    ...TRIGGERS,
  }).map(([name, source]) => [name.toLowerCase(), source]),
])('%s is in the database as it is in the source', async (name, source) => {
  await beside(async (connection) => {
    const migrated = await definitionIn(connection, name);
    await connection.query('BEGIN');
    await connection.query(source);
    const written = await definitionIn(connection, name);
    await connection.query('ROLLBACK');
    expect(written).toBe(migrated);
  });
});
