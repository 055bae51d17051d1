-- text_templates.count
SELECT count(*)::int AS total FROM text_templates WHERE client_id = $1;

-- text_templates.create
INSERT INTO text_templates (client_id, id, name, body) VALUES ($1, $2, $3, $4)
RETURNING text_templates.id, text_templates.name, text_templates.body, text_templates.created_at AS "createdAt",
  text_templates.updated_at AS "updatedAt";

-- text_templates.delete
DELETE FROM text_templates WHERE text_templates.client_id = $1 AND text_templates.id = $2 RETURNING text_templates.id, text_templates.name, text_templates.body, text_templates.created_at AS "createdAt",
text_templates.updated_at AS "updatedAt";

-- text_templates.find
SELECT text_templates.id, text_templates.name, text_templates.body, text_templates.created_at AS "createdAt",
text_templates.updated_at AS "updatedAt" FROM text_templates WHERE text_templates.client_id = $1 AND text_templates.id = $2;

-- text_templates.find_for
SELECT text_templates.body, person.name AS "personName"
FROM text_templates LEFT JOIN customers person ON person.client_id = $1 AND person.phone = $3
WHERE text_templates.client_id = $1 AND text_templates.id = $2;

-- text_templates.list
SELECT counted.total AS "totalItems", page.*
FROM (SELECT count(*)::int AS total FROM text_templates WHERE text_templates.client_id = $1) counted
LEFT JOIN LATERAL (SELECT text_templates.id, text_templates.name, text_templates.body, text_templates.created_at AS "createdAt",
  text_templates.updated_at AS "updatedAt" FROM text_templates WHERE text_templates.client_id = $1 ORDER BY text_templates.created_at DESC, text_templates.id DESC LIMIT $2 OFFSET $3) page ON true;

-- text_templates.update
UPDATE text_templates SET name = coalesce($3, name), body = coalesce($4, body), updated_at = now()
WHERE text_templates.client_id = $1 AND text_templates.id = $2 RETURNING text_templates.id, text_templates.name, text_templates.body, text_templates.created_at AS "createdAt",
  text_templates.updated_at AS "updatedAt";
