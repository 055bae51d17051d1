-- replicas.beat
UPDATE replicas SET seen_at = now() WHERE id = $1 RETURNING ARRAY(SELECT id FROM replicas) AS there;

-- replicas.reap
DELETE FROM replicas WHERE id IN (
  SELECT id FROM replicas WHERE seen_at < now() - interval '6 seconds' FOR UPDATE SKIP LOCKED);

-- replicas.register
INSERT INTO replicas (id, seen_at) VALUES ($1, now()) ON CONFLICT (id) DO NOTHING;

-- replicas.unregister
DELETE FROM replicas WHERE id = $1;
