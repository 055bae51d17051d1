import { once } from 'node:events';
import { layerToken, openWire } from './layer.mjs';
import { CONNECTIONS } from './measure.mjs';

const SOCKETS = 200;
/** Said while they are away. */
const MESSAGES = 5_000;

/**
 * What 200 clients that come back at once, as after a restart, wait until each knows what it missed; `restart` answers a new
 * server in the place of the one that it stops.
 */
export async function measureCatchUp(server, session, send, restart) {
  const senders = send.requests.map((request) => JSON.parse(request.body).sender_uuid);
  const { rows } = await session.query(
    'SELECT DISTINCT id FROM unnest($1::text[]) AS sender (id) ORDER BY id LIMIT $2',
    [senders, SOCKETS],
  );
  const tokens = [];
  for (const { id } of rows) {
    tokens.push(await layerToken(server, session, id));
  }
  // One stays to the end, so that what happens is written down, as it is for every app of Layer's.
  const before = await Promise.all(tokens.map((token) => openWire(server, token)));
  const from = new Date().toISOString();
  before.slice(1).forEach((wire) => wire.terminate());
  await say(server, send.requests);
  const next = await restart();
  const began = performance.now();
  const waits = await Promise.all(tokens.map((token) => catchUp(next, token, from, began)));
  return {
    clients: tokens.length,
    told: waits.reduce((sum, { changes }) => sum + changes, 0),
    millis: Math.max(...waits.map(({ millis }) => millis)),
  };
}

async function say(server, requests) {
  let said = 0;
  const speak = async () => {
    while (said < MESSAGES) {
      const { path, method, body } = requests[said++ % requests.length];
      const headers = { ...server.headers, 'content-type': 'application/json' };
      const response = await fetch(server.base + path, { method, headers, body });
      if (!response.ok) {
        throw new Error(`${path}: ${response.status} ${await response.text()}`);
      }
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, speak));
}

async function catchUp(server, token, from, began) {
  const wire = await openWire(server, token);
  let changes = 0;
  const done = new Promise((resolve, reject) => {
    wire.on('close', (code) => reject(new Error(`A socket was closed: ${code}`)));
    wire.on('message', (data) => {
      const { type, body } = JSON.parse(data);
      if (type === 'response' && body.method === 'Event.replay') {
        (body.success ? resolve : reject)(body);
      }
      changes += type === 'change' ? 1 : 0;
    });
  });
  const data = { from_timestamp: from };
  wire.send(JSON.stringify({ type: 'request', body: { method: 'Event.replay', request_id: 'replay', data } }));
  await done;
  const millis = performance.now() - began;
  wire.removeAllListeners('close').terminate();
  await once(wire, 'close');
  return { changes, millis };
}
