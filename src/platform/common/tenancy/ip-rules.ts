import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How an address or network is stored: `10.0.0.0/8`, `192.0.2.1/32`; null where it is neither, or has host bits set. */
export function normaliseNetwork(text: string): string | null {
  const [address = '', length, ...rest] = text.trim().split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) {
    return null;
  }
  const bits = length === undefined ? (version === 4 ? 32 : 128) : Number(length);
  const network = `${address}/${bits}`;
  if (!ipaddr.isValidCIDR(network)) {
    return null;
  }
  const first = (version === 4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(network).toString();
  return first === ipaddr.parse(address).toString() ? `${first}/${bits}` : null;
}

/** `192.0.2.1/32` shown as `192.0.2.1`, the way it was most likely given. */
export function presentNetwork(network: string): string {
  return network.replace(/^([^:]+)\/32$|^(.*:.*)\/128$/, '$1$2');
}

/** A test for "is this caller's address within these networks?"; an empty list admits every address. */
export function addressTest(networks: readonly string[]): (address: string | undefined) => boolean {
  if (networks.length === 0) {
    return () => true;
  }
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const version = isIP(address ?? '');
    return version !== 0 && list.check(address!, version === 4 ? 'ipv4' : 'ipv6');
  };
}
