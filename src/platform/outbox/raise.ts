import { WEBHOOK_EVENTS } from './event-types.js';

const PUBLIC = `'{${WEBHOOK_EVENTS.join(',')}}'`;

/**
 * The parts of a WITH that write down events, only where somebody may ask for them (`listeners`), and with each the
 * deliveries to the webhook endpoints that ask for it. So the event and the change are one fact. An endpoint that is
 * disabled has its deliveries written too: made later, they would miss what commits meanwhile. The inserts are in a function
 * of the database (`raise_event`, in the migrations), so that a change that nobody hears does not set them up: it costs one
 * look-up.
 *
 * Whatever is raised must be selected (`RAISED`), in a statement that answers a row whenever something happened: what
 * nobody asks for, PostgreSQL does not call.
 * @param occurred a SELECT of `type`, `channel_id`, `customer_id` and `data` (as EventData says), a row per event
 */
export const raise = (occurred: string): string => `
    occurred AS (${occurred}), event AS MATERIALIZED (
      SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
               occurred.type = ANY(${PUBLIC}))
      FROM occurred
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
    )`;

/** Selected next to what a statement answers: whether it raised an event. The repository rings the bell for it. */
export const RAISED = '(SELECT count(*) FROM event) > 0 AS raised';
