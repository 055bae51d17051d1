-- workflows.find_active
SELECT workflow.id, workflow.number::float8 AS number, workflow.version, workflow.status, newest.definition
FROM workflows workflow
JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflow.id
  AND newest.version = workflow.version
WHERE workflow.client_id = $1 AND workflow.status = 'active' AND workflow.trigger_type = ANY($2::text[])
ORDER BY workflow.number;

-- executions.come
UPDATE executions SET wake_at = CASE WHEN wake_at IS NULL THEN NULL ELSE now() END, has_come = true
WHERE client_id = $1 AND contact_id = ANY($2::uuid[]) AND state = 'waiting' AND awaits = 'contact_replied'
  AND NOT has_come
RETURNING id, true AS raised;

-- workflow_events.drop
DELETE FROM workflow_events WHERE client_id = $1 AND id = ANY($2::uuid[]);

-- workflows.due_schedule
SELECT job.client_id AS "clientId", job.id, client.livemode FROM workflows job
JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
WHERE job.fire_at <= now() AND NOT job.client_id = ANY($1::uuid[])
ORDER BY job.fire_at LIMIT 1;

-- workflows.fired
UPDATE workflows SET fire_at = $3, fired_upto = $4 WHERE client_id = $1 AND id = $2;

-- executions.former
SELECT contact_id AS "contactId", bool_or(state IN ('pending', 'running', 'waiting')) AS "isRunning",
       max(created_at) AS last
FROM executions
WHERE client_id = $1 AND workflow_id = $2 AND contact_id = ANY($3::uuid[]) AND state <> 'skipped'
GROUP BY contact_id;

-- executions.lately
SELECT count(*)::int AS n FROM executions
WHERE client_id = $1 AND created_at > now() - interval '1 minute' AND state <> 'skipped';

-- workflows.lock_due
SELECT workflow.id, workflow.number::float8 AS number, workflow.version, workflow.status, newest.definition,
       workflow.fire_at AS "fireAt", workflow.fired_upto::float8 AS "firedUpto"
FROM workflows workflow
JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflow.id
  AND newest.version = workflow.version
WHERE workflow.client_id = $1 AND workflow.id = $2 AND workflow.status = 'active' AND workflow.fire_at <= now()
FOR NO KEY UPDATE OF workflow;

-- workflow_events.postpone
WITH first AS MATERIALIZED (
  SELECT id, attempts FROM workflow_events WHERE client_id = $1 AND turn_at <= now()
  ORDER BY turn_at LIMIT 1 FOR UPDATE SKIP LOCKED
), dropped AS (
  DELETE FROM workflow_events USING first
  WHERE workflow_events.client_id = $1 AND workflow_events.id = first.id AND first.attempts >= 9
)
UPDATE workflow_events job
SET attempts = job.attempts + 1, turn_at = now() + (job.attempts + 1) * interval '10 seconds'
FROM first WHERE job.client_id = $1 AND job.id = first.id AND first.attempts < 9;

-- workflow_events.take
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
ORDER BY taken.turn_at, taken.created_at;

-- workflows.throttle
WITH moved AS (
  UPDATE workflows SET throttled_at = now()
  WHERE client_id = $1 AND id = $2 AND (throttled_at IS NULL OR throttled_at < now() - interval '1 hour')
  RETURNING id, number
),
occurred AS (
  SELECT 'workflow.throttled' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', moved.id, 'number', moved.number) AS data
  FROM moved), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT moved.id, (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- executions.today
SELECT contact_id AS "contactId", count(*)::int AS n FROM executions
WHERE client_id = $1 AND contact_id = ANY($2::uuid[]) AND created_at > now() - interval '1 day' AND state <> 'skipped'
GROUP BY contact_id;

-- workflow_events.waiting
SELECT job.client_id AS "clientId", client.livemode FROM workflow_events job
JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
WHERE job.turn_at <= now() AND NOT job.client_id = ANY($1::uuid[])
ORDER BY job.turn_at LIMIT 1;
