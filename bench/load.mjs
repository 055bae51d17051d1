import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { get } from './get.mjs';
import { CONNECTIONS, STRIDE, timed } from './measure.mjs';

const SILENT_MILLIS = 20_000;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

/**
 * Drives the requests for `seconds` over HTTP, from bare sockets: the generator shares the machine with what it drives, and
 * what a client library costs would be seen as the server's. A request that is `keyed` has an `Idempotency-Key` of its own
 * each time; its `headers` go before the server's.
 * @param inTurn whether each of them is sent by one connection, and again only when all were
 * @throws Error where one answer is not a 2xx
 */
export async function driveHttp(server, requests, { connections = CONNECTIONS, inTurn = false, ...options }) {
  const written = requests.map((request) => writeOut(server, request));
  const shared = textsFrom(written, 0);
  const sockets = await Promise.all(Array.from({ length: connections }, () => dial(server.base)));
  try {
    return await timed({ cpus: server.cpus, ...options }, (note) =>
      Promise.all(sockets.map((socket, at) => drive(socket, inTurn ? shared : textsFrom(written, STRIDE * at), note))),
    );
  } finally {
    sockets.forEach((socket) => socket.destroy());
  }
}

/** A fast answer with nothing in it would be worth nothing. */
export async function checkHttp(server, { name, requests }) {
  const [{ path, method = 'GET' }] = requests;
  if (method === 'GET' && (await get(server, path)).items.length === 0) {
    throw new Error(`${name}: ${path} is empty.`);
  }
}

async function dial(base) {
  const { hostname, port } = new URL(base);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  return socket.setTimeout(SILENT_MILLIS, () => socket.destroy(new Error(`No answer for ${SILENT_MILLIS} ms.`)));
}

/** The text of a request, in two parts, between which a key has its place. */
function writeOut(server, { method = 'GET', path, body, headers, keyed = false }) {
  const all = { host: 'localhost', ...server.headers, ...headers };
  if (body !== undefined) {
    Object.assign(all, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return { keyed, start: `${method} ${path} HTTP/1.1\r\n${lines.join('')}`, rest: `\r\n${body ?? ''}` };
}

const textOf = ({ keyed, start, rest }) =>
  keyed ? `${start}idempotency-key: ${randomUUID()}\r\n${rest}` : start + rest;

/** What to write for one request after another, from the one at `from` on. */
function* textsFrom(requests, from) {
  for (let at = from; ; at += 1) {
    yield textOf(requests[at % requests.length]);
  }
}

/** One request after another on one socket, until the time is over. */
function drive(socket, texts, note) {
  return new Promise((resolve, reject) => {
    let began;
    let before;
    const ask = () => {
      began = performance.now();
      socket.write(texts.next().value);
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed a connection.')));
    socket.on('data', (chunk) => {
      const data = before === undefined ? chunk : Buffer.concat([before, chunk]);
      if (data.length < lengthOf(data)) {
        before = data;
        return;
      }
      before = undefined;
      // "HTTP/1.1 2": the class of the status is the tenth letter.
      if (data[9] !== 0x32) {
        reject(new Error(`A wrong answer: ${data.toString()}`));
      } else if (note(began)) {
        ask();
      } else {
        resolve();
      }
    });
    ask();
  });
}

/** Of the whole answer; more than there is where the head has not ended. @throws Error where the head does not say */
function lengthOf(data) {
  const end = data.indexOf(HEAD_END);
  if (end === -1) {
    return Infinity;
  }
  const head = data.latin1Slice(0, end);
  const length = CONTENT_LENGTH.exec(head)?.[1];
  if (length === undefined && !head.startsWith('HTTP/1.1 204')) {
    throw new Error(`An answer of no length: ${head}`);
  }
  return end + HEAD_END.length + Number(length ?? 0);
}
