/** After this the rest of a text is no longer waited for. */
const MAX_GAP_MS = 5_000;
const PACKET = /^(\S+) (\d+) (\d+)\/(\d+) (.*)$/;

/** JSON in ASCII: a byte is a character, nothing is cut in two, and any database encoding can carry it. */
export function toAscii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Cuts what toAscii wrote into numbered packets of at most `limit` bytes. */
export function pack(text: string, origin: string, number: number, limit: number): string[] {
  const room = limit - `${origin} ${number} 9999/9999 `.length;
  const count = Math.ceil(text.length / room);
  return Array.from(
    { length: count },
    (_, at) => `${origin} ${number} ${at + 1}/${count} ${text.slice(at * room, (at + 1) * room)}`,
  );
}

interface Draft {
  readonly number: string;
  readonly parts: string[];
  readonly since: number;
}

/** Puts packets together again. Those of one origin arrive in order, if at all. */
export class Unpacker {
  private readonly drafts = new Map<string, Draft>();

  constructor(private readonly ownOrigin: string) {}

  /**
   * @returns the value whose last packet this is; undefined for any other, for our own, and for what is not a packet
   * @param moment in milliseconds
   */
  take(packet: string, moment: number): unknown {
    const [, origin, number, part, count, text] = PACKET.exec(packet) ?? [];
    if (origin === undefined || origin === this.ownOrigin) {
      return undefined;
    }
    const draft = this.draftOf(origin, number!, moment);
    if (draft.parts.length !== Number(part) - 1) {
      this.drafts.delete(origin);
      return undefined;
    }
    draft.parts.push(text!);
    if (part !== count) {
      return undefined;
    }
    this.drafts.delete(origin);
    try {
      return JSON.parse(draft.parts.join(''));
    } catch {
      return undefined;
    }
  }

  /** Another number of the same origin means that the rest of the one before is lost. */
  private draftOf(origin: string, number: string, moment: number): Draft {
    for (const [name, { since }] of this.drafts) {
      if (moment - since > MAX_GAP_MS) {
        this.drafts.delete(name);
      }
    }
    const kept = this.drafts.get(origin);
    if (kept?.number === number) {
      return kept;
    }
    const draft = { number, parts: [], since: moment };
    this.drafts.set(origin, draft);
    return draft;
  }
}
