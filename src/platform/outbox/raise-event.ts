/**
 * The function of the database that `raise` calls, as the migrations left it; a test holds the two against each other. Who
 * changes it changes this and writes a migration with the new text. `*` of an endpoint means public events only; by name it may
 * ask for others.
 */
export const RAISE_EVENT = `
  CREATE OR REPLACE FUNCTION raise_event(
    tenant uuid, event_type text, event_channel uuid, event_customer uuid, event_data jsonb, event_is_public boolean
  ) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    WITH event AS (
      INSERT INTO events (client_id, id, type, channel_id, customer_id, data, is_public)
      VALUES (tenant, gen_random_uuid(), event_type, event_channel, event_customer, event_data, event_is_public)
      RETURNING id, seq
    )
    INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
    SELECT tenant, gen_random_uuid(), endpoint.id, event.id, event.seq
    FROM event
    JOIN webhook_endpoints endpoint ON endpoint.client_id = tenant
      AND (endpoint.events @> ARRAY[event_type] OR event_is_public AND endpoint.events @> '{*}')
    FOR KEY SHARE OF endpoint;
  END
  $function$`;
