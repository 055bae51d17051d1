import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KnownClient } from '../../clients/clients.service.js';

type Signer = Pick<KnownClient, 'publicKey' | 'realtimeSecret'>;

/** `<public key>:<hex HMAC-SHA256>` of what a socket may subscribe to, as Pusher's protocol has it. */
export function sign(client: Signer, socketId: string, channel: string, channelData?: string): string {
  const signed = [socketId, channel, ...(channelData === undefined ? [] : [channelData])].join(':');
  return `${client.publicKey}:${createHmac('sha256', client.realtimeSecret).update(signed).digest('hex')}`;
}

export function isSigned(client: Signer, auth: string, socketId: string, channel: string, channelData?: string) {
  const [right, given] = [Buffer.from(sign(client, socketId, channel, channelData)), Buffer.from(auth)];
  return right.length === given.length && timingSafeEqual(right, given);
}
