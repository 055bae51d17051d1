/** Functions of the database, beside those of follow-conversation.ts: what the team does with a conversation. */

/**
 * Columns of conversation `which` become what `changes` says, done by user `author` (null: by a program). A change of its
 * status, its assignee or its priority leaves an activity. An assignee must be a member who may answer; its membership is held,
 * so that it is not taken away meanwhile. No row: there is no such conversation.
 */
export const CHANGE_CONVERSATION = `
  CREATE OR REPLACE FUNCTION change_conversation(tenant uuid, which uuid, author uuid, changes jsonb)
  RETURNS TABLE (outcome text, raised boolean) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    was conversations;
    becomes conversations;
  BEGIN
    raised := false;
    IF changes->>'assignee_id' IS NOT NULL THEN
      PERFORM FROM memberships member JOIN users account ON account.id = member.user_id
      WHERE member.client_id = tenant AND member.user_id = (changes->>'assignee_id')::uuid AND member.role <> 'viewer'
        AND account.disabled_at IS NULL
      FOR SHARE OF member;
      IF NOT FOUND THEN
        outcome := 'not_assignable';
        RETURN NEXT;
        RETURN;
      END IF;
    END IF;
    SELECT * INTO was FROM conversations WHERE client_id = tenant AND channel_id = which FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    becomes := jsonb_populate_record(was, changes);
    IF becomes.status <> 'snoozed' THEN
      becomes.snoozed_until := NULL;
    END IF;
    IF becomes.status <> was.status THEN
      PERFORM hold_conversation_counters(tenant);
      becomes.resolved_at := CASE WHEN becomes.status = 'closed' THEN clock_timestamp() END;
      becomes.resolved_by := CASE WHEN becomes.status = 'closed' THEN author END;
    END IF;
    outcome := CASE WHEN becomes IS DISTINCT FROM was THEN 'changed' ELSE 'same' END;
    IF outcome = 'same' THEN
      RETURN NEXT;
      RETURN;
    END IF;
    UPDATE conversations
    SET subject = becomes.subject, status = becomes.status, priority = becomes.priority,
        assignee_id = becomes.assignee_id, is_starred = becomes.is_starred, is_pinned = becomes.is_pinned,
        is_read = becomes.is_read, snoozed_until = becomes.snoozed_until, resolved_at = becomes.resolved_at,
        resolved_by = becomes.resolved_by
    WHERE client_id = tenant AND channel_id = which;
    IF becomes.status <> was.status THEN
      PERFORM add_conversation_entry(tenant, which, 'activity', author, NULL,
        jsonb_build_object('type', 'status', 'from', was.status, 'to', becomes.status));
    END IF;
    IF becomes.priority <> was.priority THEN
      PERFORM add_conversation_entry(tenant, which, 'activity', author, NULL,
        jsonb_build_object('type', 'priority', 'from', was.priority, 'to', becomes.priority));
    END IF;
    IF becomes.assignee_id IS DISTINCT FROM was.assignee_id THEN
      PERFORM add_conversation_entry(tenant, which, 'activity', author, NULL,
        jsonb_build_object('type', 'assignee', 'from', was.assignee_id, 'to', becomes.assignee_id));
    END IF;
    RETURN NEXT;
  END
  $function$`;

/**
 * Up to `most` conversations of one client that were snoozed until now are open again. What another process has, it leaves.
 * Answers how many.
 */
export const WAKE_CONVERSATIONS = `
  CREATE OR REPLACE FUNCTION wake_conversations(most int, OUT woken int, OUT raised boolean) LANGUAGE plpgsql AS $function$
  DECLARE
    tenant uuid;
    due uuid[];
    one uuid;
  BEGIN
    raised := false;
    SELECT client_id INTO tenant FROM conversations
    WHERE snoozed_until <= now() ORDER BY snoozed_until LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    due := ARRAY(
      SELECT channel_id FROM conversations
      WHERE client_id = tenant AND status = 'snoozed' AND snoozed_until <= now()
      ORDER BY snoozed_until LIMIT most FOR NO KEY UPDATE SKIP LOCKED);
    woken := cardinality(due);
    IF woken > 0 THEN
      PERFORM hold_conversation_counters(tenant);
      UPDATE conversations SET status = 'open', snoozed_until = NULL
      WHERE client_id = tenant AND channel_id = ANY(due);
      FOREACH one IN ARRAY due LOOP
        PERFORM add_conversation_entry(tenant, one, 'activity', NULL, NULL,
          '{"type": "status", "from": "snoozed", "to": "open"}');
      END LOOP;
    END IF;
  END
  $function$`;
