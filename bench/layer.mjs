import { once } from 'node:events';
import WebSocket from 'ws';
import { parseId } from '../dist/src/platform/common/ids/type-id.js';
import { driveHttp } from './load.mjs';
import { CONNECTIONS, median } from './measure.mjs';
import { fromElsewhere } from './pusher.mjs';

/** Each of the connections takes turns with so many sockets: one alone may not say as much as a server can hear. */
const SOCKETS_EACH = 4;
const PAIRS = 6;
const SECONDS = 1;

/**
 * A message sent through Layer's WebSocket against the same through the core's API, as many at once, in pairs whose order
 * changes; in both cases those sockets are open, and so the events are written and told.
 */
export async function measureLayerSend(server, session, send) {
  const requests = send.requests.slice(0, CONNECTIONS * SOCKETS_EACH);
  const sockets = await Promise.all(requests.map((request) => open(server, session, JSON.parse(request.body))));
  const byLayer = () => driveSockets(sockets, SECONDS);
  const byCore = async () => (await driveHttp(server, requests, { seconds: SECONDS })).perSecond;
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const [first, second] = pair % 2 === 0 ? [byLayer, byCore] : [byCore, byLayer];
    const rates = [await first(), await second()];
    const [layer, core] = pair % 2 === 0 ? rates : rates.reverse();
    pairs.push({ layer, core, ratio: layer / core });
  }
  sockets.forEach(({ wire }) => wire.terminate());
  const middle = (figure) => median(pairs.map((pair) => pair[figure]));
  return { layer: middle('layer'), core: middle('core'), ratio: middle('ratio') };
}

/** The socket of whoever sends such a message. */
async function open(server, session, { channel_uuid, sender_uuid, content }) {
  return {
    wire: await openWire(server, await layerToken(server, session, sender_uuid)),
    body: {
      ...{ method: 'Message.create', object_id: `layer:///conversations/${parseId('channel', channel_uuid)}` },
      data: { parts: [{ mime_type: 'text/plain', body: content }] },
    },
  };
}

/** A session as Layer's flow makes them: made by the core, and then marked, which saves the tokens of an app of one's own. */
export async function layerToken(server, session, customerId) {
  const response = await fetch(`${server.base}/api/v1/customers/${customerId}/sessions`, {
    method: 'POST',
    headers: { ...server.headers, 'content-type': 'application/json' },
    body: '{}',
  });
  const { id, token } = await response.json();
  await session.query(`UPDATE customer_sessions SET dialect = 'layer' WHERE id = $1`, [
    parseId('customer_session', id),
  ]);
  return token;
}

export async function openWire(server, token) {
  const address = `${server.base.replace('http', 'ws')}/layer/?session_token=${token}`;
  const wire = new WebSocket(address, 'layer-3.0', { perMessageDeflate: false, headers: fromElsewhere() });
  await once(wire, 'open');
  return wire;
}

/** Messages per second, one after another on each connection. */
async function driveSockets(sockets, seconds) {
  const end = performance.now() + seconds * 1_000;
  let sent = 0;
  const drive = async (own) => {
    for (let at = 0; performance.now() < end; at += 1) {
      await ask(own[at % own.length], `b.${at}`);
      sent += 1;
    }
  };
  const each = Array.from({ length: CONNECTIONS }, (_, at) => sockets.filter((_, one) => one % CONNECTIONS === at));
  await Promise.all(each.map(drive));
  return sent / seconds;
}

function ask({ wire, body }, id) {
  return new Promise((resolve, reject) => {
    const closed = (code) => reject(new Error(`A socket was closed: ${code}`));
    const hear = (data) => {
      if (!data.includes(`"request_id":"${id}"`)) {
        return;
      }
      wire.off('message', hear).off('close', closed);
      if (JSON.parse(data).body.success) {
        resolve();
      } else {
        reject(new Error(`A message was not sent: ${data}`));
      }
    };
    wire.on('message', hear).on('close', closed);
    wire.send(JSON.stringify({ type: 'request', body: { ...body, request_id: id } }));
  });
}
