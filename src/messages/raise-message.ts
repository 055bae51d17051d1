import { LISTENED } from '../platform/outbox/raise.js';

/**
 * Of a statement that sends a table `message`, the column that raises its event and says whether it did. Nothing is sent more
 * often, so unlike `raise` it sets up no more than the look-up and one call: even to prepare the making of an event's data costs.
 */
const RAISED = `CASE WHEN ${LISTENED} AND message.id IS NOT NULL THEN raise_message(message) ELSE false END`;

/**
 * Beside it, in a channel with an address, whether deliveries were made: whoever makes them go out is notified as well.
 * @param delivered of these messages, what calls `make_deliveries` (delivery/deliveries/delivery-functions.ts), or null
 */
export const raisedMessage = (delivered: string): string => `greatest(${RAISED}, ${delivered}) AS raised`;

/** The function of the database that it calls; see RAISE_EVENT. `sent` is a row of messages, `data` a StoredMessage. */
export const RAISE_MESSAGE = `
  CREATE OR REPLACE FUNCTION raise_message(sent record) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(sent.client_id, 'message.created', sent.channel_id, sent.sender_id,
      jsonb_build_object('id', sent.id, 'channelId', sent.channel_id, 'senderId', sent.sender_id,
        'position', sent.position, 'type', sent.type, 'content', sent.content, 'metadata', sent.metadata,
        'parts', sent.parts, 'createdAt', sent.created_at), true);
    RETURN true;
  END
  $function$`;

/**
 * What some sends have to do besides: `speaker`'s first message is counted, and what was `sent` goes out where its channel has an
 * address. One function for both, as even to prepare either costs every other send. The counter is locked before what
 * `make_deliveries` counts. `key` is the API key that speaks, where it is known. Answers whether deliveries were made.
 * All that it calls is planned once a connection: of an array with one element PostgreSQL would plan each anew, which takes
 * longer than to run it.
 */
export const FOLLOW_SEND = `
  CREATE OR REPLACE FUNCTION follow_send(tenant uuid, sent uuid, speaker uuid, key uuid DEFAULT NULL)
  RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $function$
  BEGIN
    UPDATE counters SET value = value + 1
    WHERE client_id = tenant AND name = 'active_customers' AND EXISTS (
      SELECT FROM customers WHERE client_id = tenant AND id = speaker AND message_count = 1);
    RETURN make_deliveries(tenant, ARRAY[sent], ARRAY[key]);
  END
  $function$`;
