import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A DNS server of a test's own. */
export interface DnsServer {
  /** As DNS_SERVERS names it. */
  readonly address: string;
  /** The names that it was asked for, and did not answer. */
  readonly unanswered: ReadonlySet<string>;
  /** As if it had been asked for none so far. */
  forget(): void;
  close(): void;
}

const TYPE_A = 1;

/** Answers for these names, each with its IPv4 address; is silent where it is asked for others. */
export async function dnsServer(names: Readonly<Record<string, string>>): Promise<DnsServer> {
  const unanswered = new Set<string>();
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    const ip = names[name];
    if (ip === undefined) {
      unanswered.add(name);
      return;
    }
    const answer = Buffer.concat([query.subarray(0, end), ...(type === TYPE_A ? [recordOf(ip)] : [])]);
    answer.writeUInt16BE(0x81_80, 2);
    answer.writeUInt16BE(type === TYPE_A ? 1 : 0, 6);
    answer.writeUInt32BE(0, 8);
    socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    unanswered,
    forget: () => unanswered.clear(),
    close: () => socket.close(),
  };
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The name asked for, type A, class IN, no time to live. */
function recordOf(ip: string): Buffer {
  return Buffer.from([0xc0, 0x0c, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...ip.split('.').map(Number)]);
}
