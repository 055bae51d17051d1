/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Rows are locked in this
 * order: delivery, account.
 */

/**
 * Of messages `sent`, those that an e-mail account says: each is a mail that answers the newest one of its conversation that
 * was not a bounce, and is to go out. One that went out elsewhere has its mail already. Called by make_deliveries, so whichever
 * API said it. Answers whether there are any.
 */
export const MAKE_MAILS = `
  CREATE OR REPLACE FUNCTION make_mails(tenant uuid, sent uuid[]) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.created_at, conversation.subject, account.customer_id AS account_id,
             jsonb_build_object('address', address.address, 'name', account.from_name) AS sender,
             message.id || '@' || split_part(address.address, '@', 2) AS message_id,
             CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END AS words,
             CASE WHEN contact.email IS NOT NULL
               THEN jsonb_build_array(jsonb_build_object('address', contact.email, 'name', coalesce(contact.name, '')))
               ELSE '[]' END AS contact
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id AND conversation.medium = 'email'
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = conversation.address_id
      JOIN email_accounts account ON account.client_id = tenant AND account.customer_id = conversation.address_id
      LEFT JOIN customers contact ON contact.client_id = tenant AND contact.id = conversation.contact_id
      WHERE message.client_id = tenant AND message.id = ANY(sent) AND message.sender_id = conversation.address_id
        AND message.type <> 'system'
        AND NOT EXISTS (SELECT FROM email_messages known WHERE known.client_id = tenant AND known.id = message.id)
    ), written AS (
      INSERT INTO email_messages (client_id, id, channel_id, account_id, direction, message_id, message_id_sha256,
                                  followed_ids, "from", "to", cc, subject, text)
      SELECT tenant, spoken.id, spoken.channel_id, spoken.account_id, 'outbound', spoken.message_id,
             sha256(convert_to(spoken.message_id, 'UTF8')),
             (array_remove(answered.message_id || answered.followed_ids, NULL))[1:20],
             spoken.sender,
             CASE WHEN answered.id IS NULL THEN spoken.contact
                  WHEN answered.direction = 'outbound' THEN answered."to"
                  WHEN jsonb_array_length(answered.reply_to) > 0 THEN answered.reply_to
                  ELSE jsonb_build_array(answered."from") END,
             CASE WHEN answered.direction = 'inbound'
                    AND lower(answered."from"->>'address') <> lower(spoken.contact->0->>'address')
               THEN spoken.contact ELSE '[]' END,
             CASE WHEN answered.id IS NULL THEN coalesce(spoken.subject, '')
                  WHEN answered.subject ~* '^\\s*re\\s*:' THEN btrim(answered.subject)
                  ELSE btrim('Re: ' || btrim(answered.subject)) END,
             spoken.words
      FROM spoken
      LEFT JOIN LATERAL (
        SELECT * FROM email_messages mail
        WHERE mail.client_id = tenant AND mail.channel_id = spoken.channel_id AND mail.automatic <> 'bounce'
          AND mail."from"->>'address' <> ''
        ORDER BY mail.direction = 'inbound' DESC, mail.created_at DESC, mail.id DESC LIMIT 1
      ) answered ON true
    )
    INSERT INTO email_deliveries (client_id, id, account_id, created_at)
    SELECT tenant, spoken.id, spoken.account_id, spoken.created_at FROM spoken;
    RETURN FOUND;
  END
  $function$`;

/**
 * The point of no return: mail `which`, taken for the `claim`th time, is about to be handed to its server. Answers 'go' once
 * for each call. What forbids it now ends it. Where a call was begun and nobody knows what came of it, it goes once more, under
 * the same Message-ID, which mailboxes show once; then it has failed. While its account is paused it waits, and so it does for
 * its turn, of which an account has so many a minute; after a pause that ends by itself one goes before all others.
 *
 * Nobody of the team wrote what a program says as the account: where that answers another program, or an installation like this
 * one, the two may go on for ever. A contact gets five such answers an hour and twenty a day.
 */
export const SUBMIT_MAIL = `
  CREATE OR REPLACE FUNCTION submit_mail(tenant uuid, which uuid, claim int) RETURNS text LANGUAGE plpgsql AS $function$
  DECLARE
    one email_deliveries;
    account email_accounts;
    mail email_messages;
    why text;
    turn timestamptz;
    lately int;
    today int;
  BEGIN
    SELECT * INTO one FROM email_deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND OR one.next_attempt_at IS NULL OR one.claims <> claim THEN
      RETURN 'gone';
    END IF;
    SELECT * INTO account FROM email_accounts
    WHERE client_id = tenant AND customer_id = one.account_id FOR NO KEY UPDATE;
    SELECT * INTO mail FROM email_messages WHERE client_id = tenant AND id = which;
    IF NOT EXISTS (SELECT FROM messages WHERE client_id = tenant AND id = which AND deleted_at IS NULL) THEN
      why := 'canceled';
    ELSIF EXISTS (SELECT FROM clients WHERE id = tenant AND disabled_at IS NOT NULL) THEN
      why := 'workspace_disabled';
    ELSIF account.customer_id IS NULL OR NOT EXISTS (
      SELECT FROM addresses WHERE client_id = tenant AND customer_id = one.account_id AND released_at IS NULL
    ) THEN
      why := 'invalid_from';
    ELSIF mail."to" = '[]' THEN
      why := 'unreachable';
    ELSIF one.submitted_at IS NOT NULL AND one.doubts > 0 THEN
      why := 'outcome_unknown';
    ELSIF mail.automatic = 'replied' OR NOT EXISTS (
      SELECT FROM message_authors WHERE client_id = tenant AND message_id = which
    ) AND EXISTS (
      SELECT FROM email_messages answered
      WHERE answered.client_id = tenant AND answered.channel_id = mail.channel_id AND answered.direction = 'inbound'
        AND answered.message_id = mail.followed_ids[1] AND (answered.automatic <> 'none' OR answered.is_marked)
    ) THEN
      UPDATE email_messages SET automatic = 'replied' WHERE client_id = tenant AND id = which AND automatic = 'none';
      SELECT count(*) FILTER (WHERE sent.submitted_at > now() - interval '1 hour'), count(*) INTO lately, today
      FROM conversations conversation
      JOIN conversations other ON other.client_id = tenant AND other.contact_id = conversation.contact_id
      JOIN email_messages said ON said.client_id = tenant AND said.channel_id = other.channel_id
        AND said.direction = 'outbound' AND said.automatic = 'replied'
      JOIN email_deliveries sent ON sent.client_id = tenant AND sent.id = said.id
        AND sent.submitted_at > now() - interval '1 day'
      WHERE conversation.client_id = tenant AND conversation.channel_id = mail.channel_id AND said.id <> which;
      IF lately >= 5 OR today >= 20 THEN
        why := 'loop_stopped';
      END IF;
    END IF;
    IF why IS NOT NULL THEN
      UPDATE email_deliveries
      SET status = CASE why WHEN 'canceled' THEN why ELSE 'failed' END, error_code = why, next_attempt_at = NULL,
          done_at = now()
      WHERE client_id = tenant AND id = which;
      RETURN 'ended';
    END IF;
    IF account.status <> 'ok' THEN
      IF account.retry_at IS NULL OR account.retry_at > now() THEN
        UPDATE email_deliveries SET next_attempt_at = coalesce(account.retry_at, 'infinity'), turn_at = NULL
        WHERE client_id = tenant AND id = which;
        RETURN 'held';
      END IF;
      UPDATE email_accounts SET retry_at = now() + interval '5 minutes'
      WHERE client_id = tenant AND customer_id = one.account_id;
    ELSE
      turn := coalesce(one.turn_at, greatest(account.next_send_at, now()));
      IF one.turn_at IS NULL THEN
        UPDATE email_accounts SET next_send_at = turn + make_interval(secs => 60.0 / account.rate_per_minute)
        WHERE client_id = tenant AND customer_id = one.account_id;
      END IF;
      IF turn > now() THEN
        UPDATE email_deliveries SET next_attempt_at = turn, turn_at = turn WHERE client_id = tenant AND id = which;
        RETURN 'held';
      END IF;
    END IF;
    UPDATE email_deliveries
    SET status = 'sending', submitted_at = now(), turn_at = NULL, attempts = one.attempts + 1,
        doubts = one.doubts + (one.submitted_at IS NOT NULL)::int
    WHERE client_id = tenant AND id = which;
    RETURN 'go';
  END
  $function$`;
