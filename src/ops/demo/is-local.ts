import { isIP } from 'node:net';
import type { Request } from 'express';
import ipaddr from 'ipaddr.js';

/** Whether it comes from this machine: not through a proxy on it, nor from a page whose name was made to lead here. */
export function isLocal({ socket, headers, hostname }: Request): boolean {
  const { remoteAddress = '' } = socket;
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  const isNamedSo = hostname === 'localhost' || (isIP(hostname) !== 0 && isLoopback(hostname));
  return !isForwarded && isLoopback(remoteAddress) && isNamedSo;
}

function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'loopback';
}
