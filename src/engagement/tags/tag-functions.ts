/** Functions of the database, as the migrations left them; a test holds the two against each other. */

/** After contacts were tagged or untagged, an erasure included: once a statement. Tags are locked by their ids. */
export const COUNT_TAGGED = `
  CREATE OR REPLACE FUNCTION count_tagged() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    moved record;
  BEGIN
    FOR moved IN
      SELECT client_id, tag_id, count(*) * CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END AS n FROM touched
      GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
      UPDATE tags SET contacts_count = contacts_count + moved.n WHERE client_id = moved.client_id AND id = moved.tag_id;
    END LOOP;
    RETURN NULL;
  END
  $function$`;
