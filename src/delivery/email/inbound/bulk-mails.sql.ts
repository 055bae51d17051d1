import type { Statement } from '../../../platform/database/statement.js';

/** By what mail `$2` says, which came in. The functions are of src/engagement, where recipients are kept. */
const MAIL = 'FROM inbound_emails mail WHERE mail.client_id = $1 AND mail.id = $2';

/** The mail to recipient `$3` came back: `$4` how, `$5` in its server's words. `$6` is the id of a suppression where that is new. */
export const RETURN_BULK: Statement = {
  name: 'bulk_mails.return',
  text: `SELECT bounce_recipient($1, $3, $4, $5, $6) AS known ${MAIL}`,
};

/** Recipient `$3` wants no more. `$4` is the id of the suppression where that is new. */
export const UNSUBSCRIBE_BULK: Statement = {
  name: 'bulk_mails.unsubscribe',
  text: `SELECT unsubscribe_recipient($1, $3, $4) AS raised ${MAIL}`,
};

/** Customer `$4` answers the newest of the mails to recipients `$3`, in channel `$5` where that begins with it; `$6`: a person does. */
export const ANSWER_BULK: Statement = {
  name: 'bulk_mails.answer',
  text: `SELECT answer_campaign($1, $3::uuid[], $4, $5, $6) ${MAIL}`,
};
