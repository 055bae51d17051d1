import type { Statement } from '../../platform/database/statement.js';
import { RAISED, raise } from '../../platform/outbox/raise.js';

export const workflowColumns = (one: string): string => `
  ${one}.id, ${one}.number::float8 AS number, ${one}.name, ${one}.status, ${one}.trigger_type AS "triggerType",
  ${one}.version, ${one}.executions_count AS "executionsCount", ${one}.created_at AS "createdAt",
  ${one}.updated_at AS "updatedAt"`;

/** By its number `$2` or its id `$3`. */
const NAMED = `workflows.client_id = $1 AND (workflows.number = $2::bigint OR workflows.id = $3::uuid)`;
const NEWEST = `
  JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflows.id
    AND newest.version = workflows.version`;

const event = (type: string): string => `
      SELECT ${type} AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', moved.id, 'number', moved.number) AS data
      FROM moved`;

export const COUNT: Statement = {
  name: 'workflows.count',
  text: `SELECT count(*)::int AS total FROM workflows WHERE client_id = $1`,
};

export const FIND: Statement = {
  name: 'workflows.find',
  text: `
    SELECT ${workflowColumns('workflows')}, workflows.secret, newest.definition FROM workflows ${NEWEST} WHERE ${NAMED}`,
};

/** Nobody else changes it until the commit. */
export const LOCK: Statement = {
  name: 'workflows.lock',
  text: `
    SELECT ${workflowColumns('workflows')}, workflows.secret, newest.definition FROM workflows ${NEWEST}
    WHERE ${NAMED} FOR NO KEY UPDATE OF workflows`,
};

/** Those of ids `$2`. */
export const FIND_MANY: Statement = {
  name: 'workflows.find_many',
  text: `
    SELECT ${workflowColumns('workflows')}, workflows.secret, newest.definition FROM workflows ${NEWEST}
    WHERE workflows.client_id = $1 AND workflows.id = ANY($2::uuid[])`,
};

/** Whose address ends with the token of hash `$1`: of all clients. */
export const FIND_BY_TOKEN: Statement = {
  name: 'workflows.find_by_token',
  text: `
    SELECT one.client_id AS "clientId", one.id, client.livemode FROM workflows one
    JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
    WHERE one.token_sha256 = $1 AND one.trigger_type = 'webhook'`,
};

/** `$2` id, `$3` name, `$4` type of its trigger, `$5` definition, `$6` secret, `$7` hash of the token. */
export const CREATE: Statement = {
  name: 'workflows.create',
  text: `
    WITH made AS (
      INSERT INTO workflows (client_id, id, number, name, trigger_type, secret, token_sha256)
      VALUES ($1, $2, draw_numbers($1, 'workflows', 1), $3, $4, $6, $7)
      RETURNING id
    )
    INSERT INTO workflow_versions (client_id, workflow_id, version, definition) SELECT $1, made.id, 1, $5::jsonb FROM made
    RETURNING workflow_id AS id`,
};

/** Workflow `$2`: name `$3`. */
export const RENAME: Statement = {
  name: 'workflows.rename',
  text: `UPDATE workflows SET name = $3, updated_at = now() WHERE client_id = $1 AND id = $2`,
};

/** Workflow `$2`, locked: a further version, of trigger type `$3` and definition `$4`; the next firing is at `$5`. */
export const ADD_VERSION: Statement = {
  name: 'workflows.add_version',
  text: `
    WITH moved AS (
      UPDATE workflows
      SET version = version + 1, trigger_type = $3, fire_at = $5, fired_upto = 0, updated_at = now()
      WHERE client_id = $1 AND id = $2
      RETURNING id, version
    )
    INSERT INTO workflow_versions (client_id, workflow_id, version, definition)
    SELECT $1, moved.id, moved.version, $4::jsonb FROM moved`,
};

/** Of workflow `$2`: those before the newest that no execution goes on with. */
export const DROP_VERSIONS: Statement = {
  name: 'workflow_versions.drop',
  text: `
    DELETE FROM workflow_versions old
    WHERE old.client_id = $1 AND old.workflow_id = $2
      AND old.version < (SELECT version FROM workflows WHERE client_id = $1 AND id = $2)
      AND NOT EXISTS (
        SELECT FROM executions one
        WHERE one.client_id = $1 AND one.workflow_id = $2 AND one.version = old.version
          AND one.state IN ('pending', 'running', 'waiting'))`,
};

/** Workflow `$2` is active; a schedule is next due at `$3`. No row: it is already. */
export const ACTIVATE: Statement = {
  name: 'workflows.activate',
  text: `
    WITH moved AS (
      UPDATE workflows SET status = 'active', fire_at = $3, fired_upto = 0, updated_at = now()
      WHERE client_id = $1 AND id = $2 AND status <> 'active'
      RETURNING id, number
    ), ${raise(event(`'workflow.activated'`))}
    SELECT moved.id, ${RAISED} FROM moved`,
};

/** What stood still while workflow `$2` was paused goes on. */
export const WAKE: Statement = {
  name: 'executions.wake_paused',
  text: `
    UPDATE executions SET wake_at = now()
    WHERE client_id = $1 AND workflow_id = $2 AND wake_at IS NULL AND state IN ('pending', 'running', 'waiting')
    RETURNING id, true AS raised`,
};

/** Workflow `$2` is active no more. No row: it was not. */
export const PAUSE: Statement = {
  name: 'workflows.pause',
  text: `
    WITH moved AS (
      UPDATE workflows SET status = 'paused', fire_at = NULL, updated_at = now()
      WHERE client_id = $1 AND id = $2 AND status = 'active'
      RETURNING id, number
    ), ${raise(event(`'workflow.paused'`))}
    SELECT moved.id, ${RAISED} FROM moved`,
};

/** Up to `$3` executions of workflow `$2`, which is about to go. */
export const REMOVE_EXECUTIONS: Statement = {
  name: 'executions.remove_some',
  text: `
    DELETE FROM executions WHERE client_id = $1 AND id = ANY(ARRAY(
      SELECT one.id FROM executions one WHERE one.client_id = $1 AND one.workflow_id = $2 LIMIT $3))
    RETURNING id`,
};

/** What is left of workflow `$2`. No row: it is active. */
export const REMOVE: Statement = {
  name: 'workflows.remove',
  text: `DELETE FROM workflows WHERE client_id = $1 AND id = $2 AND status <> 'active' RETURNING id`,
};

/** The user with number `$2`, or with id `$3`, where it may be assigned conversations. */
export const FIND_ASSIGNABLE: Statement = {
  name: 'workflows.find_assignable',
  text: `
    SELECT account.number::float8 AS number FROM memberships member JOIN users account ON account.id = member.user_id
    WHERE member.client_id = $1 AND member.role <> 'viewer' AND account.disabled_at IS NULL
      AND (account.number = $2::bigint OR account.id = $3::uuid)`,
};

/** The segment with number `$2`, or with id `$3`. */
export const FIND_SEGMENT: Statement = {
  name: 'workflows.find_segment',
  text: `
    SELECT number::float8 AS number FROM contact_segments
    WHERE client_id = $1 AND (number = $2::bigint OR id = $3::uuid)`,
};
