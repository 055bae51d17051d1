-- member_sockets.find_left
SELECT asked.at::int - 1 AS at
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (client_id, user_id, at)
WHERE NOT EXISTS (
  SELECT FROM memberships membership JOIN clients client ON client.id = membership.client_id
  WHERE membership.client_id = asked.client_id AND membership.user_id = asked.user_id AND client.disabled_at IS NULL
);
