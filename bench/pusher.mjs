import { once } from 'node:events';
import WebSocket from 'ws';
import { post } from './post.mjs';

/** Sockets that are opened at once. */
const AT_ONCE = 50;

export async function openMany(server, publicKey, count) {
  return inBatches(Array.from({ length: count }), () => open(server, publicKey));
}

/** @param asking whose headers say who may subscribe */
export async function subscribe(socket, asking, channel) {
  const { auth } = await post(asking, '/broadcasting/auth', { socket_id: socket.id, channel_name: channel });
  const subscribed = frame(socket, 'pusher_internal:subscription_succeeded', channel);
  socket.send(JSON.stringify({ event: 'pusher:subscribe', data: { auth, channel } }));
  await subscribed;
}

export async function closeAll(sockets) {
  await Promise.all(
    sockets.map((socket) => {
      const closed = once(socket, 'close');
      socket.close();
      return closed;
    }),
  );
}

/** Some at a time, in order. */
export async function inBatches(items, work) {
  const results = [];
  while (results.length < items.length) {
    results.push(...(await Promise.all(items.slice(results.length, results.length + AT_ONCE).map(work))));
  }
  return results;
}

let addresses = 0;

/** Each from an address of its own, as a proxy would tell it: one address has only so many sockets. */
export function fromElsewhere() {
  addresses += 1;
  return { 'x-forwarded-for': `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}` };
}

async function open(server, publicKey) {
  const address = `${server.base.replace('http', 'ws')}/app/${publicKey}?protocol=7&client=bench&version=1`;
  const socket = new WebSocket(address, { perMessageDeflate: false, headers: fromElsewhere() });
  // One waits for each subscription that is being made.
  socket.setMaxListeners(0);
  const { data } = await frame(socket, 'pusher:connection_established');
  socket.id = JSON.parse(data).socket_id;
  return socket;
}

function frame(socket, event, channel) {
  return new Promise((resolve, reject) => {
    const hear = (data) => {
      const read = JSON.parse(data);
      if (read.event === event && read.channel === channel) {
        socket.off('message', hear);
        resolve(read);
      } else if (read.event.endsWith('error')) {
        reject(new Error(`${event} did not come: ${data}`));
      }
    };
    socket.on('message', hear);
  });
}
