-- bulk_mails.answer
SELECT answer_campaign($1, $3::uuid[], $4, $5, $6) FROM inbound_emails mail WHERE mail.client_id = $1 AND mail.id = $2;

-- bulk_mails.return
SELECT bounce_recipient($1, $3, $4, $5, $6) AS known FROM inbound_emails mail WHERE mail.client_id = $1 AND mail.id = $2;

-- bulk_mails.unsubscribe
SELECT unsubscribe_recipient($1, $3, $4) AS raised FROM inbound_emails mail WHERE mail.client_id = $1 AND mail.id = $2;
