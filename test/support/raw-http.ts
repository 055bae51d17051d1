import { connect, type Socket } from 'node:net';
import type { Reply } from './given.js';

type Part = string | Uint8Array;
export type HeaderLine = readonly [name: string, value: string];

/** A request as it goes over the wire; strings are latin1, so that a test can send any byte. */
export function wire(method: string, path: string, headers: readonly HeaderLine[], body: Part = ''): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  const names = headers.map(([name]) => name.toLowerCase());
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  if (!names.includes('host')) {
    lines.unshift('Host: localhost');
  }
  if (bytes.length > 0 && !names.includes('content-length') && !names.includes('transfer-encoding')) {
    lines.push(`Content-Length: ${bytes.length}`);
  }
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

export function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
  });
}

/** Sends these bytes and reads so many answers, or fewer where the server hangs up. */
export async function exchange(port: number, bytes: Part, answers = 1): Promise<Reply[]> {
  const socket = await open(port);
  socket.write(bytes);
  return answersOn(socket, answers);
}

/** The answer to one request. */
export async function exchangeOne(port: number, bytes: Part): Promise<Reply> {
  const [reply] = await exchange(port, bytes);
  if (!reply) {
    throw new Error('The server hung up without an answer.');
  }
  return reply;
}

export function answersOn(socket: Socket, answers: number): Promise<Reply[]> {
  return new Promise((resolve) => {
    let unread: Buffer = Buffer.alloc(0);
    const replies: Reply[] = [];
    const end = (): void => {
      socket.destroy();
      resolve(replies);
    };
    // A server that refuses a request may reset a connection that is still sending; what it said before counts.
    socket.on('error', end).on('close', end);
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      for (let found = first(unread); found; found = first(unread)) {
        replies.push(found.reply);
        unread = unread.subarray(found.length);
      }
      if (replies.length >= answers) {
        end();
      }
    });
  });
}

/** The answer at the beginning of these bytes, or null while it is not all there. */
function first(bytes: Buffer): { readonly reply: Reply; readonly length: number } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) {
    return null;
  }
  const [status = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]));
  const length = end + 4 + Number(headers.get('content-length') ?? 0);
  if (bytes.length < length) {
    return null;
  }
  const text = bytes.toString('utf8', end + 4, length);
  const body = text === '' ? undefined : JSON.parse(text);
  return { reply: { status: Number(status.split(' ')[1]), headers, text, body }, length };
}
