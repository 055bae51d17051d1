import { WEBHOOK_EVENTS } from './event-types.js';

const PUBLIC = `'{${WEBHOOK_EVENTS.join(',')}}'`;

/**
 * The parts of a WITH that write down events, only where somebody may ask for them: a process with sockets of this client,
 * a webhook endpoint, which gets its delivery in the same breath, or the client speaks Layer, whose apps catch up with what
 * they missed. So the event and the change are one fact. The inserts are in a function of the database (`raise_event`, in
 * the migrations), so that a change that nobody hears does not set them up: it costs three look-ups.
 *
 * Whatever is raised must be selected (`RAISED`), in a statement that answers a row whenever something happened: what
 * nobody asks for, PostgreSQL does not call.
 * @param happened a SELECT of `type`, `channel_id`, `customer_id` and `data` (as EventData says), a row per event
 */
export const raise = (happened: string): string => `
    happened AS (${happened}), event AS MATERIALIZED (
      SELECT raise_event($1, happened.type, happened.channel_id, happened.customer_id, happened.data,
               happened.type = ANY(${PUBLIC}))
      FROM happened
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
        OR EXISTS (SELECT FROM webhook_endpoints WHERE client_id = $1 AND enabled)
        OR EXISTS (SELECT FROM identity_keys WHERE client_id = $1)
    )`;

/** Selected next to what a statement answers: whether it raised an event. The repository rings the bell for it. */
export const RAISED = '(SELECT count(*) FROM event) > 0 AS raised';
