-- workspace_settings.find
SELECT
default_country AS "defaultCountry", timezone, smart_encoding AS "smartEncoding", opt_out AS "optOut",
opt_out_salt AS "optOutSalt", asks_for_ratings AS "asksForRatings" FROM workspace_settings WHERE client_id = $1;

-- workspace_settings.mark_deleted
UPDATE workspace_settings SET deleted_at = now() WHERE client_id = $1 AND deleted_at IS NULL;

-- workspace_settings.set
  INSERT INTO workspace_settings (client_id, opt_out_salt, default_country, timezone, smart_encoding, opt_out, asks_for_ratings)
  VALUES ($1, $2, coalesce($3, 'US'), coalesce($4, 'UTC'), coalesce($5::boolean, true), coalesce($6::jsonb, '{}'),
          coalesce($7::boolean, false))
  ON CONFLICT (client_id) DO UPDATE SET
    default_country = coalesce($3, workspace_settings.default_country),
    timezone = coalesce($4, workspace_settings.timezone),
    smart_encoding = coalesce($5::boolean, workspace_settings.smart_encoding),
    opt_out = coalesce($6::jsonb, workspace_settings.opt_out),
    asks_for_ratings = coalesce($7::boolean, workspace_settings.asks_for_ratings)
  RETURNING
default_country AS "defaultCountry", timezone, smart_encoding AS "smartEncoding", opt_out AS "optOut",
opt_out_salt AS "optOutSalt", asks_for_ratings AS "asksForRatings";
