import { randomUUID } from 'node:crypto';

/** Nobody can know it, so what somebody says does not hold it. */
const ORIGIN = `https://${randomUUID()}.invalid`;

/** Stands for where this dialect is mounted in what is told to several sockets: each sees this server under a name of its own. */
export const ANY_BASE = `${ORIGIN}/layer`;

/** The body of a packet. It is written once, however many sockets get it. */
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
