import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What workflows are about is noted in the commit of what happens. */
export class WorkflowTriggers1795706001000 implements MigrationInterface {
  name = 'WorkflowTriggers1795706001000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    for (const text of [
      TRIGGER_WORKFLOWS,
      TRIGGER_CONTACTS,
      TRIGGER_TAGGED,
      TRIGGER_CONVERSATION,
      TRIGGER_SAID,
      CANCEL_EXECUTIONS,
      TELL_SAID,
    ]) {
      await queryRunner.query(text);
    }
    for (const [trigger, event] of TRIGGERS) {
      await queryRunner.query(`CREATE TRIGGER ${trigger} AFTER ${event}`);
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_TELL_SAID);
    for (const [trigger, event] of TRIGGERS) {
      await queryRunner.query(`DROP TRIGGER ${trigger} ON ${/ ON (\w+)/.exec(event)![1]!}`);
    }
    for (const name of [
      ...['cancel_executions()', 'trigger_said(uuid, uuid[])', 'trigger_conversation()', 'trigger_tagged()'],
      ...['trigger_contacts()', 'trigger_workflows(uuid, text, uuid, uuid, jsonb)'],
    ]) {
      await queryRunner.query(`DROP FUNCTION ${name}`);
    }
  }
}

const TRIGGERS = [
  [
    'trigger_contacts_on_insert',
    'INSERT ON contacts REFERENCING NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION trigger_contacts()',
  ],
  [
    'trigger_contacts_on_update',
    'UPDATE ON contacts REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION trigger_contacts()',
  ],
  [
    'trigger_tagged_on_insert',
    'INSERT ON contact_tags REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION trigger_tagged()',
  ],
  [
    'trigger_tagged_on_delete',
    'DELETE ON contact_tags REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION trigger_tagged()',
  ],
  ['trigger_conversation', 'INSERT ON conversations FOR EACH ROW EXECUTE FUNCTION trigger_conversation()'],
  [
    'trigger_conversation_moved',
    `UPDATE OF status ON conversations FOR EACH ROW
     WHEN (NEW.status <> OLD.status AND 'closed' IN (NEW.status, OLD.status)) EXECUTE FUNCTION trigger_conversation()`,
  ],
  [
    'cancel_executions',
    'DELETE ON contacts REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION cancel_executions()',
  ],
] as const;

const TRIGGER_WORKFLOWS = `
  CREATE OR REPLACE FUNCTION trigger_workflows(
    tenant uuid, event_type text, contact uuid, channel uuid, facts jsonb
  ) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM workflows WHERE client_id = tenant AND trigger_type = event_type AND status = 'active') THEN
      INSERT INTO workflow_events (client_id, id, type, contact_id, channel_id, data, chain)
      VALUES (tenant, gen_random_uuid(), event_type, contact, channel, facts,
              coalesce(string_to_array(nullif(current_setting('parlance.chain', true), ''), ',')::uuid[], '{}'));
    END IF;
  END
  $function$`;

const TRIGGER_CONTACTS = `
  CREATE OR REPLACE FUNCTION trigger_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      PERFORM trigger_workflows(made.client_id, 'contact.created', made.customer_id, NULL, '{}') FROM (
        SELECT client_id, customer_id FROM becomes
        WHERE EXISTS (
          SELECT FROM workflows WHERE workflows.client_id = becomes.client_id
            AND trigger_type = 'contact.created' AND status = 'active')
        ORDER BY client_id, number
      ) made;
    ELSIF EXISTS (
      SELECT FROM workflows WHERE client_id IN (SELECT client_id FROM becomes)
        AND trigger_type IN ('contact.updated', 'contact.unsubscribed') AND status = 'active'
    ) THEN
      PERFORM trigger_workflows(contact.client_id, fact.type, contact.customer_id, NULL, fact.more)
      FROM (
        SELECT becomes.client_id, becomes.customer_id, becomes.status, was.status AS former_status,
               was.created_at = now() AS is_new, (
                 SELECT jsonb_agg(field.key ORDER BY field.key)
                 FROM jsonb_each(to_jsonb(becomes)) field
                 WHERE field.value IS DISTINCT FROM to_jsonb(was)->field.key
                   AND field.key NOT IN ('search_text', 'updated_at')
               ) AS changed
        FROM becomes JOIN was ON was.client_id = becomes.client_id AND was.customer_id = becomes.customer_id
        ORDER BY becomes.client_id, becomes.number
      ) contact
      CROSS JOIN LATERAL (
        SELECT 'contact.updated' AS type, jsonb_build_object('changed', contact.changed) AS more
        WHERE contact.changed IS NOT NULL AND NOT contact.is_new
        UNION ALL
        SELECT 'contact.unsubscribed', '{}'
        WHERE contact.status = 'unsubscribed' AND contact.former_status <> 'unsubscribed'
      ) fact;
    END IF;
    RETURN NULL;
  END
  $function$`;

const TRIGGER_TAGGED = `
  CREATE OR REPLACE FUNCTION trigger_tagged() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    fact text := CASE TG_OP WHEN 'INSERT' THEN 'contact.tagged' ELSE 'contact.untagged' END;
  BEGIN
    PERFORM trigger_workflows(contact.client_id, fact, contact.customer_id, NULL,
              jsonb_build_object('tag_ids', contact.tags))
    FROM (
      SELECT one.client_id, one.customer_id, jsonb_agg(tag.number ORDER BY tag.number) AS tags
      FROM touched
      JOIN contacts one ON one.client_id = touched.client_id AND one.customer_id = touched.customer_id
      JOIN tags tag ON tag.client_id = touched.client_id AND tag.id = touched.tag_id
      WHERE EXISTS (
        SELECT FROM workflows WHERE workflows.client_id = touched.client_id
          AND trigger_type = fact AND status = 'active')
      GROUP BY one.client_id, one.customer_id
      ORDER BY one.client_id, one.customer_id
    ) contact;
    RETURN NULL;
  END
  $function$`;

const TRIGGER_CONVERSATION = `
  CREATE OR REPLACE FUNCTION trigger_conversation() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      PERFORM trigger_workflows(NEW.client_id, 'conversation.created', NEW.contact_id, NEW.channel_id, '{}');
    ELSIF NEW.status = 'closed' THEN
      PERFORM trigger_workflows(NEW.client_id, 'conversation.closed', NEW.contact_id, NEW.channel_id, '{}');
    ELSE
      PERFORM trigger_workflows(NEW.client_id, 'conversation.reopened', NEW.contact_id, NEW.channel_id, '{}');
    END IF;
    RETURN NULL;
  END
  $function$`;

const TRIGGER_SAID = `
  CREATE OR REPLACE FUNCTION trigger_said(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM workflows WHERE client_id = tenant) THEN
      INSERT INTO workflow_events (client_id, id, type, contact_id, channel_id, data, chain)
      SELECT tenant, message.id, 'message.received', conversation.contact_id, conversation.channel_id, '{}',
             coalesce(string_to_array(nullif(current_setting('parlance.chain', true), ''), ',')::uuid[], '{}')
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent) AND message.type <> 'system'
        AND message.sender_id <> conversation.address_id AND conversation.status <> 'spam'
        AND NOT EXISTS (
          SELECT FROM email_messages mail
          WHERE mail.client_id = tenant AND mail.id = message.id AND mail.automatic <> 'none')
        AND (
          EXISTS (
            SELECT FROM workflows
            WHERE client_id = tenant AND trigger_type = 'message.received' AND status = 'active')
          OR EXISTS (
            SELECT FROM executions waiting
            WHERE waiting.client_id = tenant AND waiting.contact_id = conversation.contact_id
              AND waiting.state = 'waiting' AND waiting.awaits IS NOT NULL)
        );
    END IF;
  END
  $function$`;

const CANCEL_EXECUTIONS = `
  CREATE OR REPLACE FUNCTION cancel_executions() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    WITH ended AS (
      UPDATE executions one
      SET contact_id = NULL, trigger = '{}', wake_at = NULL, claimed_by = NULL, run = run + 1,
          state = CASE WHEN one.state IN ('pending', 'running', 'waiting') THEN 'cancelled' ELSE one.state END,
          reason = CASE WHEN one.state IN ('pending', 'running', 'waiting') THEN 'contact_erased' ELSE one.reason END,
          ended_at = coalesce(one.ended_at, now())
      FROM was WHERE one.client_id = was.client_id AND one.contact_id = was.customer_id
      RETURNING one.client_id, one.id
    )
    UPDATE execution_steps step SET output = NULL, error = NULL
    FROM ended WHERE step.client_id = ended.client_id AND step.execution_id = ended.id;
    RETURN NULL;
  END
  $function$`;

const TELL_SAID = `
  CREATE OR REPLACE FUNCTION tell_said(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      PERFORM raise_event(tenant, 'message.' || CASE WHEN said.is_ours THEN 'replied' ELSE 'received' END, NULL, NULL,
                jsonb_build_object('id', said.id, 'number', said.position, 'conversation', said.number), false)
      FROM (
        SELECT message.id, message.position, conversation.number, message.sender_id = conversation.address_id AS is_ours
        FROM messages message
        JOIN conversations conversation
          ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
        WHERE message.client_id = tenant AND message.id = ANY(sent) AND message.type <> 'system'
          AND (conversation.status <> 'spam' OR message.sender_id = conversation.address_id)
        ORDER BY message.channel_id, message.position
      ) said;
    END IF;
    PERFORM trigger_said(tenant, sent);
  END
  $function$`;

const FORMER_TELL_SAID = `
  CREATE OR REPLACE FUNCTION tell_said(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      PERFORM raise_event(tenant, 'message.' || CASE WHEN said.is_ours THEN 'replied' ELSE 'received' END, NULL, NULL,
                jsonb_build_object('id', said.id, 'number', said.position, 'conversation', said.number), false)
      FROM (
        SELECT message.id, message.position, conversation.number, message.sender_id = conversation.address_id AS is_ours
        FROM messages message
        JOIN conversations conversation
          ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
        WHERE message.client_id = tenant AND message.id = ANY(sent) AND message.type <> 'system'
          AND (conversation.status <> 'spam' OR message.sender_id = conversation.address_id)
        ORDER BY message.channel_id, message.position
      ) said;
    END IF;
  END
  $function$`;
