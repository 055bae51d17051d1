import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { percentile } from './measure.mjs';
import { post } from './post.mjs';

const IDLE_SOCKETS = 2_000;
const SUBSCRIBERS = 500;
const MESSAGES = 100;
/** Milliseconds between two messages: a lively channel, not a flood. */
const BETWEEN = 100;
/** Sockets that are opened at once. */
const AT_ONCE = 50;
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
    const { auth } = await post(server, '/broadcasting/auth', { socket_id: socket.id, channel_name: channel });
    const subscribed = frame(socket, 'pusher_internal:subscription_succeeded');
    socket.send(JSON.stringify({ event: 'pusher:subscribe', data: { auth, channel } }));
    await subscribed;
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

async function openMany(server, publicKey, count) {
  const sockets = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () => open(server, publicKey));
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

async function open(server, publicKey) {
  const address = `${server.base.replace('http', 'ws')}/app/${publicKey}?protocol=7&client=bench&version=1`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  const { data } = await frame(socket, 'pusher:connection_established');
  socket.id = JSON.parse(data).socket_id;
  return socket;
}

async function frame(socket, event) {
  for (;;) {
    const [data] = await once(socket, 'message');
    const read = JSON.parse(data);
    if (read.event === event) {
      return read;
    }
    if (read.event.endsWith('error')) {
      throw new Error(`${event} did not come: ${data}`);
    }
  }
}

async function closeAll(sockets) {
  await Promise.all(
    sockets.map((socket) => {
      const closed = once(socket, 'close');
      socket.close();
      return closed;
    }),
  );
}
