import type { Statement } from '../../../platform/database/statement.js';
import { purge } from '../../../platform/database/purge.js';
import { RAISED, raise } from '../../../platform/outbox/raise.js';

const columns = (one: string): string => `
  ${one}.id, ${one}.number::float8 AS number, ${one}.workflow_id AS "workflowId", ${one}.version, ${one}.event,
  ${one}.state, ${one}.reason, ${one}.contact_id AS "contactId", ${one}.channel_id AS "channelId", ${one}.step,
  ${one}.trigger, ${one}.chain, ${one}.wake_at AS "wakeAt", ${one}.has_come AS "hasCome",
  ${one}.waits_since AS "waitsSince", ${one}.attempts, ${one}.run, ${one}.created_at AS "createdAt",
  ${one}.ended_at AS "endedAt"`;
const SHOWN = `
  (SELECT contact.number::float8 FROM contacts contact
   WHERE contact.client_id = $1 AND contact.customer_id = one.contact_id) AS "contactNumber",
  (SELECT conversation.number::float8 FROM conversations conversation
   WHERE conversation.client_id = $1 AND conversation.channel_id = one.channel_id) AS "conversationNumber"`;

/** Until the commit nobody else makes executions of this client: what each sees of those there are is true. */
export const HOLD: Statement = {
  name: 'executions.hold',
  text: `
    INSERT INTO counters (client_id, name, last_number) VALUES ($1, 'executions', 0)
    ON CONFLICT (client_id, name) DO UPDATE SET last_number = counters.last_number`,
};

/** Those in `$2`, in their order, unless there is one of the same workflow for the same event; those that are to run ring. */
export const INSERT: Statement = {
  name: 'executions.insert',
  text: `
    WITH given AS (
      SELECT one.*, row_number() OVER (ORDER BY one.at) AS place, count(*) OVER () AS many
      FROM ROWS FROM (
        jsonb_to_recordset($2::jsonb) AS (id uuid, "workflowId" uuid, version int, event text, state text, reason text,
          "contactId" uuid, "channelId" uuid, step text, trigger jsonb, chain uuid[])
      ) WITH ORDINALITY AS one (id, "workflowId", version, event, state, reason, "contactId", "channelId", step, trigger,
                                chain, at)
      WHERE NOT EXISTS (
        SELECT FROM executions known
        WHERE known.client_id = $1 AND known.workflow_id = one."workflowId" AND known.event = one.event)
    ), drawn AS MATERIALIZED (
      SELECT draw_numbers($1, 'executions', many) - many AS before FROM (SELECT max(many) AS many FROM given) of_all
      WHERE many IS NOT NULL
    ), made AS (
      INSERT INTO executions (client_id, id, number, workflow_id, version, event, state, reason, contact_id, channel_id,
                              step, trigger, chain, wake_at, ended_at)
      SELECT $1, given.id, drawn.before + given.place, "workflowId", version, event, state, reason, "contactId",
             "channelId", step, trigger, chain, CASE WHEN state = 'pending' THEN now() END,
             CASE WHEN state <> 'pending' THEN now() END
      FROM given, drawn
      RETURNING id, number, workflow_id, state
    ), counted AS (
      UPDATE workflows SET executions_count = executions_count + many.n
      FROM (SELECT workflow_id, count(*)::int AS n FROM made GROUP BY 1) many
      WHERE workflows.client_id = $1 AND workflows.id = many.workflow_id
    )
    SELECT id, state = 'pending' AS raised FROM made`,
};

/** The execution of workflow `$2` for event `$3`. */
export const FIND_OF_EVENT: Statement = {
  name: 'executions.find_of_event',
  text: `
    SELECT ${columns('one')}, ${SHOWN} FROM executions one
    WHERE one.client_id = $1 AND one.workflow_id = $2 AND one.event = $3`,
};

/** Of workflow `$2`: that with number `$3`, or with id `$4`. */
export const FIND: Statement = {
  name: 'executions.find',
  text: `
    SELECT ${columns('one')}, ${SHOWN} FROM executions one
    WHERE one.client_id = $1 AND one.workflow_id = $2 AND (one.number = $3::bigint OR one.id = $4::uuid)`,
};

/** Those of ids `$2`. */
export const FIND_MANY: Statement = {
  name: 'executions.find_many',
  text: `SELECT ${columns('one')}, ${SHOWN} FROM executions one WHERE one.client_id = $1 AND one.id = ANY($2::uuid[])`,
};

/** Of workflow `$2`, in state `$3` where that is not null: how many. */
export const COUNT: Statement = {
  name: 'executions.count',
  text: `
    SELECT count(*)::int AS total FROM executions one
    WHERE one.client_id = $1 AND one.workflow_id = $2 AND ($3::text IS NULL OR one.state = $3)`,
};

const listed = (order: string, comes: string): string => `
    SELECT ${columns('one')}, ${SHOWN} FROM executions one
    WHERE one.client_id = $1 AND one.workflow_id = $2 AND ($3::text IS NULL OR one.state = $3)
      AND ($6::bigint IS NULL OR one.number ${comes} $6)
    ORDER BY one.number ${order} LIMIT $4 OFFSET $5`;

/** The same: `$4` of them, after `$5`, or after number `$6`. */
export const LIST: Readonly<Record<'asc' | 'desc', Statement>> = {
  asc: { name: 'executions.list_asc', text: listed('ASC', '>') },
  desc: { name: 'executions.list_desc', text: listed('DESC', '<') },
};

/** The log of executions `$2`, as their steps were done. */
export const STEPS: Statement = {
  name: 'execution_steps.list',
  text: `
    SELECT step.execution_id AS "executionId", step.step_id AS id, step.type, step.status, step.attempt,
           step.started_at AS "startedAt", step.finished_at AS "finishedAt", step.output, step.error
    FROM execution_steps step WHERE step.client_id = $1 AND step.execution_id = ANY($2::uuid[])
    ORDER BY step.execution_id, step.started_at, step.step_id`,
};

/**
 * Of no client: process `$2` takes up to `$3` executions that have waited longest, of none of the clients `$1`. Should it die,
 * they are free again.
 */
export const CLAIM: Statement = {
  name: 'executions.claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT job.client_id, job.id, client.livemode FROM executions job
      JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
      WHERE job.wake_at <= now() AND job.claimed_by IS NULL AND NOT job.client_id = ANY($1::uuid[])
        AND EXISTS (SELECT FROM replicas WHERE replicas.id = $2)
      ORDER BY job.wake_at LIMIT $3 FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE executions job SET claimed_by = $2, run = job.run + 1, state = 'running' FROM due, workflows workflow
    JOIN workflow_versions kept ON kept.client_id = workflow.client_id AND kept.workflow_id = workflow.id
    WHERE job.client_id = due.client_id AND job.id = due.id
      AND workflow.client_id = job.client_id AND workflow.id = job.workflow_id AND kept.version = job.version
    RETURNING job.client_id AS "clientId", due.livemode, kept.definition, workflow.number::float8 AS "workflowNumber",
              workflow.status = 'active' AS "isActive", ${columns('job')}`,
};

/** Its workflow `$4` is paused: execution `$2`, taken as run `$3`, stands still, unless it is active again by now. */
export const PARK: Statement = {
  name: 'executions.park',
  text: `
    WITH workflow AS MATERIALIZED (
      SELECT status FROM workflows WHERE client_id = $1 AND id = $4 FOR SHARE
    )
    UPDATE executions one
    SET claimed_by = NULL, wake_at = CASE WHEN workflow.status = 'active' THEN now() END,
        state = CASE WHEN one.waits_since IS NULL THEN 'pending' ELSE 'waiting' END
    FROM workflow WHERE one.client_id = $1 AND one.id = $2 AND one.run = $3`,
};

/** From here on what is done is done by workflow chain `$2`; what is said as an address, nobody wrote. */
export const BEGIN: Statement = {
  name: 'executions.begin_step',
  text: `
    SELECT set_config('parlance.chain', $2, true), set_config('parlance.automatic', client_id::text, true)
    FROM workflows WHERE client_id = $1 LIMIT 1`,
};

const LOGGED = `
      INSERT INTO execution_steps (client_id, execution_id, step_id, type, status, attempt, started_at, finished_at, output,
                                   error)
      SELECT $1, moved.id, $4, $5, $6, $7, $8, CASE WHEN $6 NOT IN ('waiting', 'retrying') THEN clock_timestamp() END, $9,
             $10
      FROM moved
      ON CONFLICT (client_id, execution_id, step_id) DO UPDATE
      SET status = excluded.status, attempt = excluded.attempt, finished_at = excluded.finished_at,
          output = excluded.output, error = excluded.error`;

const ended = (type: string): string => `
      SELECT '${type}' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', moved.id, 'number', moved.number) AS data
      FROM moved WHERE moved.state = '${type.replace('execution.', '')}'`;

/**
 * Execution `$2`, taken as run `$3`, has come to the end of step `$4` of type `$5`: status `$6`, attempt `$7`, begun at `$8`,
 * output `$9`, error `$10`. It comes to state `$11`, step `$12`, is due in `$13` milliseconds (null: never), awaits `$14`, with
 * attempts `$15` and reason `$16`. `$17`: whether who has it keeps it. No row: somebody took it since. Answers whether its
 * workflow is still active.
 */
export const MOVE: Statement = {
  name: 'executions.move',
  text: `
    WITH moved AS (
      UPDATE executions one
      SET state = $11::text, step = $12, wake_at = clock_timestamp() + make_interval(secs => $13::float8 / 1000),
          awaits = $14, waits_since = CASE WHEN $11 = 'waiting' THEN clock_timestamp() END, has_come = false,
          attempts = $15, reason = $16, claimed_by = CASE WHEN $17 THEN claimed_by END,
          ended_at = CASE WHEN $11 IN ('completed', 'failed') THEN clock_timestamp() END
      WHERE one.client_id = $1 AND one.id = $2 AND one.run = $3
      RETURNING one.id, one.number, one.state, one.workflow_id
    ), logged AS (${LOGGED}
    ), ${raise(`${ended('execution.completed')} UNION ALL ${ended('execution.failed')}`)}
    SELECT (
      SELECT workflow.status = 'active' FROM workflows workflow
      WHERE workflow.client_id = $1 AND workflow.id = moved.workflow_id
    ) AS "isActive", ${RAISED}
    FROM moved`,
};

/** Tries of a step that fail for no reason that is the step's. */
export const MAX_STUMBLES = 20;

/** Execution `$2`, taken as run `$3`, is due again, at once or, where whoever had it stumbled (`$4`), later and at last never. */
export const RELEASE: Statement = {
  name: 'executions.release',
  text: `
    UPDATE executions one
    SET claimed_by = NULL, attempts = one.attempts + $4::boolean::int,
        wake_at = CASE WHEN NOT ends.now THEN now() + $4::boolean::int * (one.attempts + 1) * interval '2 seconds' END,
        state = CASE WHEN ends.now THEN 'failed' ELSE one.state END,
        reason = CASE WHEN ends.now THEN 'It could not be done.' ELSE one.reason END,
        ended_at = CASE WHEN ends.now THEN now() END
    FROM (SELECT $4::boolean AND attempts >= ${MAX_STUMBLES} AS now FROM executions WHERE client_id = $1 AND id = $2) ends
    WHERE one.client_id = $1 AND one.id = $2 AND one.run = $3`,
};

/** Execution `$2` does nothing more. No row: it had ended. */
export const CANCEL: Statement = {
  name: 'executions.cancel',
  text: `
    UPDATE executions
    SET state = 'cancelled', reason = 'cancelled', wake_at = NULL, claimed_by = NULL, run = run + 1, ended_at = now()
    WHERE client_id = $1 AND id = $2 AND state IN ('pending', 'running', 'waiting')
    RETURNING id`,
};

/** Whether contact `$2` wrote since `$3`. */
export const HAS_WRITTEN: Statement = {
  name: 'executions.has_written',
  text: `
    SELECT EXISTS (
      SELECT FROM conversations conversation
      JOIN messages message ON message.client_id = $1 AND message.channel_id = conversation.channel_id
        AND message.sender_id = $2 AND message.created_at >= $3 AND message.type <> 'system'
      WHERE conversation.client_id = $1 AND conversation.contact_id = $2 AND conversation.last_message_at >= $3
        AND NOT EXISTS (
          SELECT FROM email_messages mail
          WHERE mail.client_id = $1 AND mail.id = message.id AND mail.automatic <> 'none')
    ) AS "hasWritten"`,
};

/** The conversation of contact `$2` in which something was said last. */
export const NEWEST_CONVERSATION: Statement = {
  name: 'executions.newest_conversation',
  text: `
    SELECT channel_id AS id FROM conversations WHERE client_id = $1 AND contact_id = $2 AND status <> 'spam'
    ORDER BY last_message_at DESC NULLS LAST, number DESC LIMIT 1`,
};

/** Message `$2`, and its mail where it is one, was said by a workflow, in answer (`$3`) or not. */
export const MARK_AUTOMATIC: Statement = {
  name: 'executions.mark_automatic',
  text: `
    WITH marked AS (
      INSERT INTO replies (client_id, channel_id, position, automatic)
      SELECT $1, message.channel_id, message.position, 'workflow' FROM messages message
      JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = message.channel_id
      WHERE message.client_id = $1 AND message.id = $2
    )
    UPDATE email_messages SET automatic = CASE WHEN $3 THEN 'replied' ELSE 'generated' END
    WHERE client_id = $1 AND id = $2`,
};

export const WORKSPACE_NAME: Statement = {
  name: 'executions.workspace_name',
  text: `
    SELECT client.name FROM workflows JOIN clients client ON client.id = workflows.client_id
    WHERE workflows.client_id = $1 LIMIT 1`,
};

/** 90 days after they ended; their steps go with them. */
export const PURGE_EXECUTIONS = purge(
  'executions',
  `SELECT ctid FROM executions
   WHERE created_at < now() - interval '90 days' AND ended_at < now() - interval '90 days' LIMIT $1`,
);
