-- executions.begin_step
SELECT set_config('parlance.chain', $2, true), set_config('parlance.automatic', client_id::text, true)
FROM workflows WHERE client_id = $1 LIMIT 1;

-- executions.cancel
UPDATE executions
SET state = 'cancelled', reason = 'cancelled', wake_at = NULL, claimed_by = NULL, run = run + 1, ended_at = now()
WHERE client_id = $1 AND id = $2 AND state IN ('pending', 'running', 'waiting')
RETURNING id;

-- executions.claim
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
            workflow.status = 'active' AS "isActive",
job.id, job.number::float8 AS number, job.workflow_id AS "workflowId", job.version, job.event,
job.state, job.reason, job.contact_id AS "contactId", job.channel_id AS "channelId", job.step,
job.trigger, job.chain, job.wake_at AS "wakeAt", job.has_come AS "hasCome",
job.waits_since AS "waitsSince", job.attempts, job.run, job.created_at AS "createdAt",
job.ended_at AS "endedAt";

-- executions.count
SELECT count(*)::int AS total FROM executions one
WHERE one.client_id = $1 AND one.workflow_id = $2 AND ($3::text IS NULL OR one.state = $3);

-- executions.find
  SELECT
one.id, one.number::float8 AS number, one.workflow_id AS "workflowId", one.version, one.event,
one.state, one.reason, one.contact_id AS "contactId", one.channel_id AS "channelId", one.step,
one.trigger, one.chain, one.wake_at AS "wakeAt", one.has_come AS "hasCome",
one.waits_since AS "waitsSince", one.attempts, one.run, one.created_at AS "createdAt",
one.ended_at AS "endedAt",
(SELECT contact.number::float8 FROM contacts contact
 WHERE contact.client_id = $1 AND contact.customer_id = one.contact_id) AS "contactNumber",
(SELECT conversation.number::float8 FROM conversations conversation
 WHERE conversation.client_id = $1 AND conversation.channel_id = one.channel_id) AS "conversationNumber" FROM executions one
  WHERE one.client_id = $1 AND one.workflow_id = $2 AND (one.number = $3::bigint OR one.id = $4::uuid);

-- executions.find_many
SELECT
one.id, one.number::float8 AS number, one.workflow_id AS "workflowId", one.version, one.event,
one.state, one.reason, one.contact_id AS "contactId", one.channel_id AS "channelId", one.step,
one.trigger, one.chain, one.wake_at AS "wakeAt", one.has_come AS "hasCome",
one.waits_since AS "waitsSince", one.attempts, one.run, one.created_at AS "createdAt",
one.ended_at AS "endedAt",
(SELECT contact.number::float8 FROM contacts contact
 WHERE contact.client_id = $1 AND contact.customer_id = one.contact_id) AS "contactNumber",
(SELECT conversation.number::float8 FROM conversations conversation
 WHERE conversation.client_id = $1 AND conversation.channel_id = one.channel_id) AS "conversationNumber" FROM executions one WHERE one.client_id = $1 AND one.id = ANY($2::uuid[]);

-- executions.find_of_event
  SELECT
one.id, one.number::float8 AS number, one.workflow_id AS "workflowId", one.version, one.event,
one.state, one.reason, one.contact_id AS "contactId", one.channel_id AS "channelId", one.step,
one.trigger, one.chain, one.wake_at AS "wakeAt", one.has_come AS "hasCome",
one.waits_since AS "waitsSince", one.attempts, one.run, one.created_at AS "createdAt",
one.ended_at AS "endedAt",
(SELECT contact.number::float8 FROM contacts contact
 WHERE contact.client_id = $1 AND contact.customer_id = one.contact_id) AS "contactNumber",
(SELECT conversation.number::float8 FROM conversations conversation
 WHERE conversation.client_id = $1 AND conversation.channel_id = one.channel_id) AS "conversationNumber" FROM executions one
  WHERE one.client_id = $1 AND one.workflow_id = $2 AND one.event = $3;

-- executions.has_written
SELECT EXISTS (
  SELECT FROM conversations conversation
  JOIN messages message ON message.client_id = $1 AND message.channel_id = conversation.channel_id
    AND message.sender_id = $2 AND message.created_at >= $3 AND message.type <> 'system'
  WHERE conversation.client_id = $1 AND conversation.contact_id = $2 AND conversation.last_message_at >= $3
    AND NOT EXISTS (
      SELECT FROM email_messages mail
      WHERE mail.client_id = $1 AND mail.id = message.id AND mail.automatic <> 'none')
) AS "hasWritten";

-- executions.hold
INSERT INTO counters (client_id, name, last_number) VALUES ($1, 'executions', 0)
ON CONFLICT (client_id, name) DO UPDATE SET last_number = counters.last_number;

-- executions.insert
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
SELECT id, state = 'pending' AS raised FROM made;

-- executions.mark_automatic
WITH marked AS (
  INSERT INTO replies (client_id, channel_id, position, automatic)
  SELECT $1, message.channel_id, message.position, 'workflow' FROM messages message
  JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = message.channel_id
  WHERE message.client_id = $1 AND message.id = $2
)
UPDATE email_messages SET automatic = CASE WHEN $3 THEN 'replied' ELSE 'generated' END
WHERE client_id = $1 AND id = $2;

-- executions.move
WITH moved AS (
  UPDATE executions one
  SET state = $11::text, step = $12, wake_at = clock_timestamp() + make_interval(secs => $13::float8 / 1000),
      awaits = $14, waits_since = CASE WHEN $11 = 'waiting' THEN clock_timestamp() END, has_come = false,
      attempts = $15, reason = $16, claimed_by = CASE WHEN $17 THEN claimed_by END,
      ended_at = CASE WHEN $11 IN ('completed', 'failed') THEN clock_timestamp() END
  WHERE one.client_id = $1 AND one.id = $2 AND one.run = $3
  RETURNING one.id, one.number, one.state, one.workflow_id
), logged AS (
  INSERT INTO execution_steps (client_id, execution_id, step_id, type, status, attempt, started_at, finished_at, output,
                               error)
  SELECT $1, moved.id, $4, $5, $6, $7, $8, CASE WHEN $6 NOT IN ('waiting', 'retrying') THEN clock_timestamp() END, $9,
         $10
  FROM moved
  ON CONFLICT (client_id, execution_id, step_id) DO UPDATE
  SET status = excluded.status, attempt = excluded.attempt, finished_at = excluded.finished_at,
      output = excluded.output, error = excluded.error
),
occurred AS (
  SELECT 'execution.completed' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', moved.id, 'number', moved.number) AS data
  FROM moved WHERE moved.state = 'completed' UNION ALL
  SELECT 'execution.failed' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', moved.id, 'number', moved.number) AS data
  FROM moved WHERE moved.state = 'failed'), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (
  SELECT workflow.status = 'active' FROM workflows workflow
  WHERE workflow.client_id = $1 AND workflow.id = moved.workflow_id
) AS "isActive", (SELECT count(*) FROM event) > 0 AS raised
FROM moved;

-- executions.newest_conversation
SELECT channel_id AS id FROM conversations WHERE client_id = $1 AND contact_id = $2 AND status <> 'spam'
ORDER BY last_message_at DESC NULLS LAST, number DESC LIMIT 1;

-- executions.park
WITH workflow AS MATERIALIZED (
  SELECT status FROM workflows WHERE client_id = $1 AND id = $4 FOR SHARE
)
UPDATE executions one
SET claimed_by = NULL, wake_at = CASE WHEN workflow.status = 'active' THEN now() END,
    state = CASE WHEN one.waits_since IS NULL THEN 'pending' ELSE 'waiting' END
FROM workflow WHERE one.client_id = $1 AND one.id = $2 AND one.run = $3;

-- housekeeping.purge_executions
 WITH purged AS (
   DELETE FROM executions WHERE ctid = ANY (ARRAY(SELECT ctid FROM executions
WHERE created_at < now() - interval '90 days' AND ended_at < now() - interval '90 days' LIMIT $1)) RETURNING 1
 )
 SELECT count(*)::int AS purged FROM purged;

-- executions.release
UPDATE executions one
SET claimed_by = NULL, attempts = one.attempts + $4::boolean::int,
    wake_at = CASE WHEN NOT ends.now THEN now() + $4::boolean::int * (one.attempts + 1) * interval '2 seconds' END,
    state = CASE WHEN ends.now THEN 'failed' ELSE one.state END,
    reason = CASE WHEN ends.now THEN 'It could not be done.' ELSE one.reason END,
    ended_at = CASE WHEN ends.now THEN now() END
FROM (SELECT $4::boolean AND attempts >= 20 AS now FROM executions WHERE client_id = $1 AND id = $2) ends
WHERE one.client_id = $1 AND one.id = $2 AND one.run = $3;

-- execution_steps.list
SELECT step.execution_id AS "executionId", step.step_id AS id, step.type, step.status, step.attempt,
       step.started_at AS "startedAt", step.finished_at AS "finishedAt", step.output, step.error
FROM execution_steps step WHERE step.client_id = $1 AND step.execution_id = ANY($2::uuid[])
ORDER BY step.execution_id, step.started_at, step.step_id;

-- executions.workspace_name
SELECT client.name FROM workflows JOIN clients client ON client.id = workflows.client_id
WHERE workflows.client_id = $1 LIMIT 1;
