/** A column that has `kept` run, which calls keep_conversation: PostgreSQL calls no function whose result is not used. */
export const KEPT = '(SELECT count(*) FROM kept) AS kept';
