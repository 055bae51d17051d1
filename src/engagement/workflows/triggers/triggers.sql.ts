import type { Statement } from '../../../platform/database/statement.js';
import { RAISED, raise } from '../../../platform/outbox/raise.js';

/** Of no client: whose event has waited longest, of none of `$1`. */
export const WAITING: Statement = {
  name: 'workflow_events.waiting',
  text: `
    SELECT job.client_id AS "clientId", client.livemode FROM workflow_events job
    JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
    WHERE job.turn_at <= now() AND NOT job.client_id = ANY($1::uuid[])
    ORDER BY job.turn_at LIMIT 1`,
};

/** Up to `$2` events, with what of their conversations and messages workflows look at. */
export const TAKE: Statement = {
  name: 'workflow_events.take',
  text: `
    WITH taken AS MATERIALIZED (
      SELECT * FROM workflow_events WHERE client_id = $1 AND turn_at <= now()
      ORDER BY turn_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    SELECT taken.id, taken.type, taken.contact_id AS "contactId", taken.channel_id AS "channelId", taken.data, taken.chain,
           taken.attempts, conversation.medium, conversation.status, conversation.priority,
           conversation.assignee_id AS "assigneeId", assignee.number::float8 AS "assigneeNumber", message.content AS text
    FROM taken
    LEFT JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = taken.channel_id
    LEFT JOIN users assignee ON assignee.id = conversation.assignee_id
    LEFT JOIN messages message ON message.client_id = $1 AND message.id = taken.id AND message.deleted_at IS NULL
    ORDER BY taken.turn_at, taken.created_at`,
};

/** The active workflows that these types trigger. */
export const ACTIVE: Statement = {
  name: 'workflows.find_active',
  text: `
    SELECT workflow.id, workflow.number::float8 AS number, workflow.version, workflow.status, newest.definition
    FROM workflows workflow
    JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflow.id
      AND newest.version = workflow.version
    WHERE workflow.client_id = $1 AND workflow.status = 'active' AND workflow.trigger_type = ANY($2::text[])
    ORDER BY workflow.number`,
};

/** Of contacts `$3`: whether an execution of workflow `$2` runs, and when the last began. */
export const FORMER: Statement = {
  name: 'executions.former',
  text: `
    SELECT contact_id AS "contactId", bool_or(state IN ('pending', 'running', 'waiting')) AS "isRunning",
           max(created_at) AS last
    FROM executions
    WHERE client_id = $1 AND workflow_id = $2 AND contact_id = ANY($3::uuid[]) AND state <> 'skipped'
    GROUP BY contact_id`,
};

/** How many began for each of contacts `$2` within a day. */
export const TODAY: Statement = {
  name: 'executions.today',
  text: `
    SELECT contact_id AS "contactId", count(*)::int AS n FROM executions
    WHERE client_id = $1 AND contact_id = ANY($2::uuid[]) AND created_at > now() - interval '1 day' AND state <> 'skipped'
    GROUP BY contact_id`,
};

/** How many of the client began within a minute. */
export const LATELY: Statement = {
  name: 'executions.lately',
  text: `
    SELECT count(*)::int AS n FROM executions
    WHERE client_id = $1 AND created_at > now() - interval '1 minute' AND state <> 'skipped'`,
};

/** What waits for contacts `$2` to write goes on. */
export const COME: Statement = {
  name: 'executions.come',
  text: `
    UPDATE executions SET wake_at = CASE WHEN wake_at IS NULL THEN NULL ELSE now() END, has_come = true
    WHERE client_id = $1 AND contact_id = ANY($2::uuid[]) AND state = 'waiting' AND awaits = 'contact_replied'
      AND NOT has_come
    RETURNING id, true AS raised`,
};

/** Events `$2` are done with. */
export const DROP: Statement = {
  name: 'workflow_events.drop',
  text: `DELETE FROM workflow_events WHERE client_id = $1 AND id = ANY($2::uuid[])`,
};

/** Workflow `$2` is triggered too often: told once an hour. */
export const THROTTLE: Statement = {
  name: 'workflows.throttle',
  text: `
    WITH moved AS (
      UPDATE workflows SET throttled_at = now()
      WHERE client_id = $1 AND id = $2 AND (throttled_at IS NULL OR throttled_at < now() - interval '1 hour')
      RETURNING id, number
    ), ${raise(`
      SELECT 'workflow.throttled' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', moved.id, 'number', moved.number) AS data
      FROM moved`)}
    SELECT moved.id, ${RAISED} FROM moved`,
};

/** The event that waits longest could not be looked at: later, and at last never. */
export const POSTPONE: Statement = {
  name: 'workflow_events.postpone',
  text: `
    WITH first AS MATERIALIZED (
      SELECT id, attempts FROM workflow_events WHERE client_id = $1 AND turn_at <= now()
      ORDER BY turn_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ), dropped AS (
      DELETE FROM workflow_events USING first
      WHERE workflow_events.client_id = $1 AND workflow_events.id = first.id AND first.attempts >= 9
    )
    UPDATE workflow_events job
    SET attempts = job.attempts + 1, turn_at = now() + (job.attempts + 1) * interval '10 seconds'
    FROM first WHERE job.client_id = $1 AND job.id = first.id AND first.attempts < 9`,
};

/** Of no client: the schedule that is due first, of none of the clients `$1`. */
export const DUE_SCHEDULE: Statement = {
  name: 'workflows.due_schedule',
  text: `
    SELECT job.client_id AS "clientId", job.id, client.livemode FROM workflows job
    JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
    WHERE job.fire_at <= now() AND NOT job.client_id = ANY($1::uuid[])
    ORDER BY job.fire_at LIMIT 1`,
};

/** Workflow `$2`, where its schedule is due: until the commit nobody else changes it. */
export const LOCK_DUE: Statement = {
  name: 'workflows.lock_due',
  text: `
    SELECT workflow.id, workflow.number::float8 AS number, workflow.version, workflow.status, newest.definition,
           workflow.fire_at AS "fireAt", workflow.fired_upto::float8 AS "firedUpto"
    FROM workflows workflow
    JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflow.id
      AND newest.version = workflow.version
    WHERE workflow.client_id = $1 AND workflow.id = $2 AND workflow.status = 'active' AND workflow.fire_at <= now()
    FOR NO KEY UPDATE OF workflow`,
};

/** Workflow `$2`, locked, is due at `$3`, and has come up to contact `$4`. */
export const FIRED: Statement = {
  name: 'workflows.fired',
  text: `UPDATE workflows SET fire_at = $3, fired_upto = $4 WHERE client_id = $1 AND id = $2`,
};
