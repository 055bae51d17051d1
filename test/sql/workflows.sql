-- workflows.activate
WITH moved AS (
  UPDATE workflows SET status = 'active', fire_at = $3, fired_upto = 0, updated_at = now()
  WHERE client_id = $1 AND id = $2 AND status <> 'active'
  RETURNING id, number
),
occurred AS (
  SELECT 'workflow.activated' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', moved.id, 'number', moved.number) AS data
  FROM moved), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT moved.id, (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- workflows.add_version
WITH moved AS (
  UPDATE workflows
  SET version = version + 1, trigger_type = $3, fire_at = $5, fired_upto = 0, updated_at = now()
  WHERE client_id = $1 AND id = $2
  RETURNING id, version
)
INSERT INTO workflow_versions (client_id, workflow_id, version, definition)
SELECT $1, moved.id, moved.version, $4::jsonb FROM moved;

-- workflows.count
SELECT count(*)::int AS total FROM workflows WHERE client_id = $1;

-- workflows.create
WITH made AS (
  INSERT INTO workflows (client_id, id, number, name, trigger_type, secret, token_sha256)
  VALUES ($1, $2, draw_numbers($1, 'workflows', 1), $3, $4, $6, $7)
  RETURNING id
)
INSERT INTO workflow_versions (client_id, workflow_id, version, definition) SELECT $1, made.id, 1, $5::jsonb FROM made
RETURNING workflow_id AS id;

-- workflow_versions.drop
DELETE FROM workflow_versions old
WHERE old.client_id = $1 AND old.workflow_id = $2
  AND old.version < (SELECT version FROM workflows WHERE client_id = $1 AND id = $2)
  AND NOT EXISTS (
    SELECT FROM executions one
    WHERE one.client_id = $1 AND one.workflow_id = $2 AND one.version = old.version
      AND one.state IN ('pending', 'running', 'waiting'));

-- workflows.find
  SELECT
workflows.id, workflows.number::float8 AS number, workflows.name, workflows.status, workflows.trigger_type AS "triggerType",
workflows.version, workflows.executions_count AS "executionsCount", workflows.created_at AS "createdAt",
workflows.updated_at AS "updatedAt", workflows.secret, newest.definition FROM workflows
JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflows.id
  AND newest.version = workflows.version WHERE workflows.client_id = $1 AND (workflows.number = $2::bigint OR workflows.id = $3::uuid);

-- workflows.find_assignable
SELECT account.number::float8 AS number FROM memberships member JOIN users account ON account.id = member.user_id
WHERE member.client_id = $1 AND member.role <> 'viewer' AND account.disabled_at IS NULL
  AND (account.number = $2::bigint OR account.id = $3::uuid);

-- workflows.find_by_token
SELECT one.client_id AS "clientId", one.id, client.livemode FROM workflows one
JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
WHERE one.token_sha256 = $1 AND one.trigger_type = 'webhook';

-- workflows.find_many
  SELECT
workflows.id, workflows.number::float8 AS number, workflows.name, workflows.status, workflows.trigger_type AS "triggerType",
workflows.version, workflows.executions_count AS "executionsCount", workflows.created_at AS "createdAt",
workflows.updated_at AS "updatedAt", workflows.secret, newest.definition FROM workflows
JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflows.id
  AND newest.version = workflows.version
  WHERE workflows.client_id = $1 AND workflows.id = ANY($2::uuid[]);

-- workflows.find_segment
SELECT number::float8 AS number FROM contact_segments
WHERE client_id = $1 AND (number = $2::bigint OR id = $3::uuid);

-- workflows.lock
  SELECT
workflows.id, workflows.number::float8 AS number, workflows.name, workflows.status, workflows.trigger_type AS "triggerType",
workflows.version, workflows.executions_count AS "executionsCount", workflows.created_at AS "createdAt",
workflows.updated_at AS "updatedAt", workflows.secret, newest.definition FROM workflows
JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflows.id
  AND newest.version = workflows.version
  WHERE workflows.client_id = $1 AND (workflows.number = $2::bigint OR workflows.id = $3::uuid) FOR NO KEY UPDATE OF workflows;

-- workflows.pause
WITH moved AS (
  UPDATE workflows SET status = 'paused', fire_at = NULL, updated_at = now()
  WHERE client_id = $1 AND id = $2 AND status = 'active'
  RETURNING id, number
),
occurred AS (
  SELECT 'workflow.paused' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', moved.id, 'number', moved.number) AS data
  FROM moved), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT moved.id, (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- workflows.remove
DELETE FROM workflows WHERE client_id = $1 AND id = $2 AND status <> 'active' RETURNING id;

-- executions.remove_some
DELETE FROM executions WHERE client_id = $1 AND id = ANY(ARRAY(
  SELECT one.id FROM executions one WHERE one.client_id = $1 AND one.workflow_id = $2 LIMIT $3))
RETURNING id;

-- workflows.rename
UPDATE workflows SET name = $3, updated_at = now() WHERE client_id = $1 AND id = $2;

-- executions.wake_paused
UPDATE executions SET wake_at = now()
WHERE client_id = $1 AND workflow_id = $2 AND wake_at IS NULL AND state IN ('pending', 'running', 'waiting')
RETURNING id, true AS raised;
