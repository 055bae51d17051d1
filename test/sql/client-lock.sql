-- clients.lock
SELECT id FROM clients WHERE id = $1 FOR NO KEY UPDATE;
