/**
 * A function of the database, as the migrations left it; a test holds the two against each other. Draws `many` numbers of a
 * kind for rows that the statement inserts, and says the last of them. Who draws holds the counter until the commit, so
 * numbers become visible in their order. A client made by a process of the release before has no row yet.
 */
export const DRAW_NUMBERS = `
  CREATE OR REPLACE FUNCTION draw_numbers(tenant uuid, kind text, many bigint) RETURNS bigint LANGUAGE sql AS $function$
    INSERT INTO counters (client_id, name, last_number) VALUES (tenant, kind, many)
    ON CONFLICT (client_id, name) DO UPDATE SET last_number = counters.last_number + many
    RETURNING last_number
  $function$`;
