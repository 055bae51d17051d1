import { setTimeout as sleep } from 'node:timers/promises';
import { formatId } from '../dist/src/platform/common/ids/type-id.js';
import { percentile } from './measure.mjs';
import { post } from './post.mjs';
import { closeAll, inBatches, openMany, subscribe } from './pusher.mjs';
import { headersOf } from './server.mjs';

const FEW = 100;
const MANY = 4_000;
/** As many as one socket may subscribe to. */
const EACH = 200;
const MESSAGES = 300;
/** Milliseconds between two messages. */
const BETWEEN = 10;

const MAKE_CUSTOMERS = `
  INSERT INTO customers (client_id, id, name, email)
  SELECT $1, gen_random_uuid(), 'Customer ' || n, 'crowd' || n || '@example.com' FROM generate_series(1, $2::int) n
  RETURNING id`;

/**
 * Milliseconds from asking for a message to its arrival at a member of its channel of two, while a hundred customers of the
 * client are listened to, and then four thousand.
 */
export async function measureCrowd(server, session, client) {
  const tenant = { base: server.base, headers: headersOf(client) };
  const { rows } = await session.query(MAKE_CUSTOMERS, [client.clientId, MANY]);
  const customers = rows.map(({ id }) => formatId('customer', id));
  const [john, jane] = customers;
  const channel = await post(tenant, '/api/v1/channels', { type: 'general', customer_uuids: [john, jane] });
  const message = { channel_uuid: channel.id, sender_uuid: john, type: 'text', content: 'Hello' };
  const sockets = await openMany(tenant, client.public_key, MANY / EACH);
  const listen = (some, from) =>
    inBatches([...some.entries()], ([at, id]) =>
      subscribe(sockets[Math.floor((from + at) / EACH)], tenant, `private-customer.${id}`),
    );
  await listen(customers.slice(0, FEW), 0);
  const few = await arrivals(tenant, message, sockets[0]);
  await listen(customers.slice(FEW), FEW);
  const many = await arrivals(tenant, message, sockets[0]);
  await closeAll(sockets);
  const figures = (latencies) => ({ p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) });
  const [calm, crowded] = [figures(few), figures(many)];
  return { few: { count: FEW, ...calm }, many: { count: MANY, ...crowded }, ratio: crowded.p99 / calm.p99 };
}

/** The sender hears of it on the same socket, at the same moment. */
async function arrivals(tenant, message, socket) {
  const latencies = [];
  for (let count = 0; count < MESSAGES; count += 1) {
    const asked = performance.now();
    const arrived = new Promise((resolve) => {
      const hear = (data) => {
        if (data.includes('message.sent')) {
          socket.off('message', hear);
          resolve(performance.now() - asked);
        }
      };
      socket.on('message', hear);
    });
    await post(tenant, '/api/v1/messages', message);
    latencies.push(await arrived);
    await sleep(BETWEEN);
  }
  return latencies;
}
