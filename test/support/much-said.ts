import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { Channel, Customer } from './given.js';
import { sql } from './sql.js';

/** What would take the API long: after its one message, `sender` says more in the channel, up to `count` in all. */
export async function muchSaid(clientId: string, channel: Channel, sender: Customer, count: number): Promise<void> {
  const [room, who] = [parseId('channel', channel.id), parseId('customer', sender.id)];
  await sql(
    `INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
     SELECT $1, $2, position, gen_random_uuid(), $3, 'text', 'Hello', now()
     FROM generate_series(2, $4) AS position`,
    ...[clientId, room, who, count],
  );
  const newest = '(SELECT max(created_at) FROM messages WHERE client_id = $1)';
  await sql(
    'UPDATE channel_members SET message_count = $4 WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3',
    ...[clientId, room, who, count],
  );
  await sql(
    `UPDATE channels SET message_count = $3, last_position = $3, last_message_at = ${newest} WHERE client_id = $1 AND id = $2`,
    ...[clientId, room, count],
  );
  await sql(
    `UPDATE customers SET message_count = $3, latest_message_at = ${newest} WHERE client_id = $1 AND id = $2`,
    ...[clientId, who, count],
  );
}
