import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './measure.mjs';
import { post } from './post.mjs';
import { closeAll, openMany, subscribe } from './pusher.mjs';

const IDLE_SOCKETS = 2_000;
const SUBSCRIBERS = 500;
const MESSAGES = 100;
/** Milliseconds between two messages: a lively channel, not a flood. */
const BETWEEN = 100;
/** Milliseconds for the memory to come to rest. */
const SETTLE = 3_000;

/** What 2,000 sockets cost that only are there, in MB of the server's process. */
export async function measureIdleSockets(server, publicKey) {
  const before = await server.memory();
  const sockets = await openMany(server, publicKey, IDLE_SOCKETS);
  await sleep(SETTLE);
  const after = await server.memory();
  await closeAll(sockets);
  return { count: IDLE_SOCKETS, megabytes: after - before };
}

/** Milliseconds from asking for a message to its arrival at each of 500 subscribers of its channel. */
export async function measureFanOut(server, publicKey, send) {
  const [request] = send.requests;
  const channel = `private-channel.${JSON.parse(request.body).channel_uuid}`;
  const sockets = await openMany(server, publicKey, SUBSCRIBERS);
  const latencies = [];
  let asked = 0;
  let arrived = () => undefined;
  for (const socket of sockets) {
    await subscribe(socket, server, channel);
    socket.on('message', (data) => {
      if (data.includes('message.sent')) {
        latencies.push(performance.now() - asked);
        arrived();
      }
    });
  }
  for (let count = 1; count <= MESSAGES; count += 1) {
    const all = new Promise((resolve) => {
      arrived = () => latencies.length === count * SUBSCRIBERS && resolve();
    });
    asked = performance.now();
    await post(server, request.path, JSON.parse(request.body));
    await all;
    await sleep(BETWEEN);
  }
  await closeAll(sockets);
  return {
    subscribers: SUBSCRIBERS,
    messages: MESSAGES,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}
