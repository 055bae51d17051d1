/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Triggers call them once a
 * statement, behind those that count: whoever makes, changes, tags or erases contacts, in whatever dialect, raises the events
 * in the same commit. Where nobody listens to the client that costs one look-up. No event names a channel or a customer as its
 * own, so that no socket that is told of those hears of it.
 */

/**
 * What the making of a contact sets is no update. A contact is updated once a statement, whatever of it was changed, and not
 * at all where nothing was.
 */
export const TELL_CONTACTS = `
  CREATE OR REPLACE FUNCTION tell_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      PERFORM raise_event(contact.client_id, 'contact.created', NULL, NULL,
                jsonb_build_object('id', contact.customer_id, 'number', contact.number), false)
      FROM (
        SELECT client_id, customer_id, number FROM becomes
        WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = becomes.client_id)
        ORDER BY client_id, number
      ) contact;
    ELSIF TG_OP = 'DELETE' THEN
      PERFORM raise_event(contact.client_id, 'contact.deleted', NULL, NULL,
                jsonb_build_object('id', contact.customer_id, 'number', contact.number), false)
      FROM (
        SELECT client_id, customer_id, number FROM was
        WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = was.client_id)
        ORDER BY client_id, number
      ) contact;
    ELSIF EXISTS (SELECT FROM listeners WHERE client_id IN (SELECT client_id FROM becomes)) THEN
      PERFORM raise_event(contact.client_id, fact.type, NULL, NULL,
                jsonb_build_object('id', contact.customer_id, 'number', contact.number) || fact.more, false)
      FROM (
        SELECT becomes.client_id, becomes.customer_id, becomes.number, becomes.status, was.status AS former_status,
               was.created_at = now() AS is_new, (
                 SELECT jsonb_agg(field.key ORDER BY field.key)
                 FROM jsonb_each(to_jsonb(becomes)) field
                 WHERE field.value IS DISTINCT FROM to_jsonb(was)->field.key
                   AND field.key NOT IN ('search_text', 'updated_at')
               ) AS changed
        FROM becomes JOIN was ON was.client_id = becomes.client_id AND was.customer_id = becomes.customer_id
        WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = becomes.client_id)
        ORDER BY becomes.client_id, becomes.number
      ) contact
      CROSS JOIN LATERAL (
        SELECT 'contact.updated' AS type, jsonb_build_object('changed', contact.changed) AS more
        WHERE contact.changed IS NOT NULL AND NOT contact.is_new
        UNION ALL
        SELECT 'contact.unsubscribed', '{}'
        WHERE contact.status = 'unsubscribed' AND contact.former_status <> 'unsubscribed'
        UNION ALL
        SELECT 'contact.resubscribed', '{}'
        WHERE contact.status = 'active' AND contact.former_status = 'unsubscribed'
      ) fact;
    END IF;
    RETURN NULL;
  END
  $function$`;

/** Once for each contact, naming the tags it got or lost; none for contacts or tags that are themselves gone. */
export const TELL_TAGGED = `
  CREATE OR REPLACE FUNCTION tell_tagged() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(contact.client_id, CASE TG_OP WHEN 'INSERT' THEN 'contact.tagged' ELSE 'contact.untagged' END,
              NULL, NULL,
              jsonb_build_object('id', contact.customer_id, 'number', contact.number, 'tag_ids', contact.tags), false)
    FROM (
      SELECT one.client_id, one.customer_id, one.number, jsonb_agg(tag.number ORDER BY tag.number) AS tags
      FROM touched
      JOIN contacts one ON one.client_id = touched.client_id AND one.customer_id = touched.customer_id
      JOIN tags tag ON tag.client_id = touched.client_id AND tag.id = touched.tag_id
      WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = touched.client_id)
      GROUP BY one.client_id, one.customer_id, one.number
      ORDER BY one.client_id, one.number
    ) contact;
    RETURN NULL;
  END
  $function$`;
