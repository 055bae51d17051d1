import { WEBHOOK_EVENTS } from './event-types.js';

const PUBLIC = `'{${WEBHOOK_EVENTS.join(',')}}'`;

/** Whether anybody listens to the client: the one look-up that a change without a listener pays for. */
export const LISTENED = 'EXISTS (SELECT FROM listeners WHERE client_id = $1)';

/**
 * The parts of a WITH that write events, only where the client has a listener (`listeners`), and with each event its
 * deliveries to the webhook endpoints that subscribe to it: so the event and the change are one fact. A disabled endpoint gets
 * its deliveries too: written later, they would miss what commits meanwhile. The inserts are in a function of the database
 * (`raise_event`: raise-event.ts), so that a change without a listener costs one look-up and no more.
 * The statement must select `RAISED` and return a row whenever something changed: PostgreSQL does not call a function whose
 * result is not used.
 * @param occurred a SELECT of `type`, `channel_id`, `customer_id` and `data` (as EventData says), a row per event
 */
export const raise = (occurred: string): string => `
    occurred AS (${occurred}), event AS MATERIALIZED (
      SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
               occurred.type = ANY(${PUBLIC}))
      FROM occurred
      WHERE ${LISTENED}
    )`;

/** A column that says whether the statement raised an event; the repository then notifies the listeners. */
export const RAISED = '(SELECT count(*) FROM event) > 0 AS raised';
