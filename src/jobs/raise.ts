/**
 * The parts of a WITH that write down events, only where somebody listens: a process with sockets of this client, or a
 * webhook endpoint, which gets its delivery in the same breath. So the event and the change are one fact, and a change
 * that nobody hears costs two look-ups. The endpoints are locked as they are read: one that is deleted meanwhile is passed
 * over, where its foreign key would refuse the whole change.
 * @param happened a SELECT of `type`, `channel_id`, `customer_id` and `data` (as EventData says), a row per event
 */
export const raise = (happened: string): string => `
    happened AS (${happened}), event AS (
      INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
      SELECT $1, gen_random_uuid(), happened.type, happened.channel_id, happened.customer_id, happened.data
      FROM happened
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
        OR EXISTS (SELECT FROM webhook_endpoints WHERE client_id = $1 AND enabled)
      RETURNING id, seq, type
    ), delivery AS (
      INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
      SELECT $1, gen_random_uuid(), endpoint.id, event.id, event.seq
      FROM event
      JOIN webhook_endpoints endpoint ON endpoint.client_id = $1 AND endpoint.enabled
        AND (endpoint.events @> ARRAY[event.type] OR endpoint.events @> '{*}' AND event.type <> 'message.delivered')
      FOR KEY SHARE OF endpoint
    )`;

/** Selected next to what a statement answers: whether it raised an event. The repository rings the bell for it. */
export const RAISED = 'EXISTS (SELECT FROM event) AS raised';
