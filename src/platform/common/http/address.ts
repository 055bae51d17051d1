import { isIP, SocketAddress } from 'node:net';
import ipaddr from 'ipaddr.js';

/** With a port, as some proxies write it: `192.0.2.1:80`, `[2001:db8::1]:80`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+):\d{1,5})$/;

/** An address in its one spelling: no port, no zone, and IPv4 as such where it is mapped into IPv6. Null: it is none. */
export function addressIn(text: string | undefined): string | null {
  const [, inBrackets, beforePort] = WITH_PORT.exec(text ?? '') ?? [];
  const [address = ''] = (inBrackets ?? beforePort ?? text ?? '').split('%', 1);
  if (isIP(address) !== 6) {
    return isIP(address) === 4 ? address : null;
  }
  const spelled = new SocketAddress({ address, family: 'ipv6' }).address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)?.[1] ?? spelled;
}

/**
 * Who an address is taken for where its requests are counted: IPv4 itself, and of IPv6 the /64, for every customer of a
 * provider has all of one. Whatever is no address is one and the same.
 */
export function neighbourhoodOf(text: string | undefined): string {
  const address = addressIn(text);
  if (address === null) {
    return 'unknown';
  }
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6
    ? `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`
    : address;
}
