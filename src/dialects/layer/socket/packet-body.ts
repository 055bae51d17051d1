import { randomUUID } from 'node:crypto';

/** Random, so that no content sent by a customer can contain it. */
const ORIGIN = `https://${randomUUID()}.invalid`;

/**
 * A placeholder for this dialect's address in what goes to several sockets: each may know this server by another name.
 */
export const ANY_BASE = `${ORIGIN}/layer`;

/** The body of a packet, serialized once however many sockets get it. */
export class PacketBody {
  private readonly texts = new Map<string, string>();
  private text: string | undefined;

  /** @param content its links begin with ANY_BASE, or are for one socket alone */
  constructor(private readonly content: object) {}

  /** @param base where the reader sees this dialect mounted: `https://host/layer` */
  jsonFor(base: string): string {
    this.text ??= JSON.stringify(this.content);
    const known = this.texts.get(base) ?? this.text.replaceAll(ORIGIN, base.replace(/\/layer$/, ''));
    this.texts.set(base, known);
    return known;
  }
}
