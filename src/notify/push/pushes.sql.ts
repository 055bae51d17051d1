import type { Statement } from '../../platform/database/statement.js';

/**
 * Of no client: the worker serves them all. Takes the `$1` oldest notifications, and makes a push of each for every device
 * of those it is for: who is in the channel and has not read so far, or whom an announcement was made for; but nobody who
 * has a socket open, nor where the client has no credentials. A device that is just being deleted is passed over.
 */
export const FAN_OUT: Statement = {
  name: 'pushes.fan_out',
  text: `
    WITH next AS MATERIALIZED (
      SELECT client_id, id FROM notifications ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ), taken AS (
      DELETE FROM notifications notification USING next
      WHERE notification.client_id = next.client_id AND notification.id = next.id
      RETURNING notification.*
    ), recipient AS MATERIALIZED (
      SELECT taken.client_id, taken.id AS notification_id, member.customer_id
      FROM taken
      JOIN messages message ON message.client_id = taken.client_id AND message.id = taken.message_id
        AND message.channel_id = taken.channel_id AND message.deleted_at IS NULL
      JOIN channel_members member ON member.client_id = message.client_id AND member.channel_id = message.channel_id
        AND member.customer_id IS DISTINCT FROM message.sender_id
        AND member.joined_position < message.position AND member.read_position < message.position
      UNION ALL
      SELECT taken.client_id, taken.id, recipient.customer_id
      FROM taken
      JOIN announcement_recipients recipient ON recipient.client_id = taken.client_id
        AND recipient.announcement_id = taken.announcement_id AND recipient.read_at IS NULL
    ), target AS MATERIALIZED (
      SELECT recipient.client_id, recipient.notification_id, recipient.customer_id, device.id AS device_id
      FROM recipient
      JOIN devices device ON device.client_id = recipient.client_id AND device.customer_id = recipient.customer_id
      WHERE EXISTS (
          SELECT FROM push_credentials credential
          WHERE credential.client_id = device.client_id AND credential.provider = device.provider)
        AND NOT EXISTS (
          SELECT FROM open_sockets socket
          WHERE socket.client_id = device.client_id AND socket.customer_id = device.customer_id)
      FOR KEY SHARE OF device SKIP LOCKED
    ), told AS MATERIALIZED (
      SELECT one.*, (
               SELECT coalesce(sum(channel.message_count - member.message_count - member.seen_count), 0)::int
               FROM channel_members member
               JOIN channels channel ON channel.client_id = member.client_id AND channel.id = member.channel_id
               WHERE member.client_id = one.client_id AND member.customer_id = one.customer_id
             ) AS badge
      FROM (
        SELECT client_id, notification_id, customer_id, array_agg(device_id) AS devices FROM target
        GROUP BY client_id, notification_id, customer_id
      ) one
    ), made AS (
      INSERT INTO pushes (client_id, id, device_id, created_at, payload)
      SELECT told.client_id, gen_random_uuid(), device.id, taken.created_at,
             (taken.content - 'recipients')
             || coalesce(jsonb_strip_nulls(taken.content #> ARRAY['recipients', told.customer_id::text]), '{}')
             || jsonb_build_object('badge', told.badge, 'channelId', taken.channel_id,
                  'messageId', taken.message_id, 'announcementId', taken.announcement_id)
      FROM told
      JOIN taken ON taken.client_id = told.client_id AND taken.id = told.notification_id
      CROSS JOIN unnest(told.devices) AS device (id)
    )
    SELECT count(*)::int AS taken FROM taken`,
};

/**
 * Of no client. Takes up to `$2` pushes that are due, and no more than `$3` of one client; none of the clients `$1`, who
 * have as many under way. Whoever takes them has `$4` milliseconds; should it die, they are due again.
 */
export const CLAIM: Statement = {
  name: 'pushes.claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT client_id, id, next_attempt_at FROM pushes
      WHERE next_attempt_at <= now() AND NOT client_id = ANY($1::uuid[])
      ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ), ranked AS (
      SELECT client_id, id, row_number() OVER (PARTITION BY client_id ORDER BY next_attempt_at, id) AS rank FROM due
    ), claimed AS (
      UPDATE pushes push
      SET next_attempt_at = now() + make_interval(secs => $4 / 1000.0), attempts = push.attempts + 1
      FROM ranked
      WHERE push.client_id = ranked.client_id AND push.id = ranked.id AND ranked.rank <= $3
      RETURNING push.*
    )
    SELECT claimed.client_id AS "clientId", client.livemode, claimed.id, claimed.payload, claimed.attempts,
           claimed.created_at AS "createdAt", device.id AS "deviceId", device.provider, device.token, device.keys,
           device.bundle_id AS "bundleId",
           CASE WHEN client.disabled_at IS NULL THEN credential.secret END AS sealed
    FROM claimed
    JOIN clients client ON client.id = claimed.client_id
    JOIN devices device ON device.client_id = claimed.client_id AND device.id = claimed.device_id
    LEFT JOIN push_credentials credential
      ON credential.client_id = claimed.client_id AND credential.provider = device.provider`,
};

/** It has arrived, or never will. */
export const DROP: Statement = {
  name: 'pushes.drop',
  text: `DELETE FROM pushes WHERE client_id = $1 AND id = $2`,
};

/** `$3` milliseconds until the next attempt. */
export const POSTPONE: Statement = {
  name: 'pushes.postpone',
  text: `
    UPDATE pushes SET next_attempt_at = now() + make_interval(secs => $3::float8 / 1000.0)
    WHERE client_id = $1 AND id = $2`,
};

/** Device `$2` is no more, unless it has another token than `$4` by now; then only push `$3` goes. */
export const FORGET_DEVICE: Statement = {
  name: 'pushes.forget_device',
  text: `
    WITH forgotten AS (
      DELETE FROM devices WHERE client_id = $1 AND id = $2 AND token = $4
    )
    DELETE FROM pushes WHERE client_id = $1 AND id = $3`,
};
