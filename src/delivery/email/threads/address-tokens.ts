import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** In an address, so of letters whose case does not count, and short. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Sixteen letters. */
const MAC_BYTES = 10;
const MAC = /^[a-z2-7]{16}$/i;
const ID_BYTES = 16;
/** Of what stands before the `@` (RFC 5321). */
const LOCAL_CHARACTERS = 64;
const CONVERSATION = /\+c([1-9]\d{0,15})\.([a-z2-7]{16})@/i;
const BOUNCE = /\+b([a-z2-7]{26})([a-z2-7]{16})@/i;
const UNSUBSCRIBE = /\+u([a-z2-7]{26})([a-z2-7]{16})@/i;

type Purpose = 'reply' | 'bounce' | 'leave' | 'loop';

/** Tokens that lead a mail to where it belongs, and that nobody can make without the secret. */
export class AddressTokens {
  constructor(private readonly secrets: readonly [current: Buffer, ...previous: Buffer[]]) {}

  /** The address to which an answer belongs to the conversation; null where it would be longer than an address may be. */
  conversationAddress(clientId: string, inbound: string, number: number): string | null {
    return withToken(inbound, `+c${number}.${this.mac(clientId, 'reply', String(number))}`);
  }

  /** The number of the client's conversation that one of the addresses leads to; null: none does. */
  conversationIn(clientId: string, addresses: readonly string[]): number | null {
    for (const address of addresses) {
      const [, number, mac] = CONVERSATION.exec(address) ?? [];
      if (number !== undefined && this.isRight(clientId, 'reply', number, mac!)) {
        return Number(number);
      }
    }
    return null;
  }

  /** Where a mail that can not be delivered comes back to; null where the address would be longer than one may be. */
  bounceAddress(clientId: string, inbound: string, deliveryId: string): string | null {
    const id = base32Of(deliveryId);
    return withToken(inbound, `+b${id}${this.mac(clientId, 'bounce', id)}`);
  }

  /** Where a mail says that who got another of many wants no more; null where the address would be longer than one may be. */
  unsubscribeAddress(clientId: string, inbound: string, recipientId: string): string | null {
    const id = base32Of(recipientId);
    return withToken(inbound, `+u${id}${this.mac(clientId, 'leave', id)}`);
  }

  /** The client's delivery that one of the addresses is of. */
  deliveryIn(clientId: string, addresses: readonly string[]): string | null {
    return this.idIn(clientId, addresses, BOUNCE, 'bounce');
  }

  /** Who got one of many mails, and wants no more by one of the addresses. */
  unsubscriberIn(clientId: string, addresses: readonly string[]): string | null {
    return this.idIn(clientId, addresses, UNSUBSCRIBE, 'leave');
  }

  /** What a mail of the client says, so that one that comes back is known. */
  loopMark(clientId: string): string {
    return this.mac(clientId, 'loop', '');
  }

  /** Whether it is of a mail of the client that went out from here. */
  isLoopMark(clientId: string, mark: string): boolean {
    return MAC.test(mark) && this.isRight(clientId, 'loop', '', mark);
  }

  private idIn(clientId: string, addresses: readonly string[], form: RegExp, purpose: Purpose): string | null {
    for (const address of addresses) {
      const [, id, mac] = form.exec(address) ?? [];
      if (id !== undefined && this.isRight(clientId, purpose, id.toLowerCase(), mac!)) {
        return uuidOf(id.toLowerCase());
      }
    }
    return null;
  }

  private isRight(clientId: string, purpose: Purpose, of: string, mac: string): boolean {
    const said = Buffer.from(mac.toLowerCase());
    return this.secrets.some((secret) => timingSafeEqual(Buffer.from(macWith(secret, clientId, purpose, of)), said));
  }

  private mac(clientId: string, purpose: Purpose, of: string): string {
    return macWith(this.secrets[0], clientId, purpose, of);
  }
}

function withToken(inbound: string, token: string): string | null {
  const at = inbound.lastIndexOf('@');
  return at + token.length > LOCAL_CHARACTERS ? null : inbound.slice(0, at) + token + inbound.slice(at);
}

function macWith(secret: Buffer, clientId: string, purpose: Purpose, of: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, clientId, `parlance/track/${purpose}`, 32));
  const mac = createHmac('sha256', key).update(of).digest().subarray(0, MAC_BYTES);
  return base32(mac);
}

function base32Of(uuid: string): string {
  return base32(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) {
    bits += byte.toString(2).padStart(8, '0');
  }
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function uuidOf(id: string): string {
  const bits = [...id].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const hex = (bits.slice(0, ID_BYTES * 8).match(/.{4}/g) ?? []).map((four) => parseInt(four, 2).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
