/** As mail programs begin the subject of an answer or of what they pass on, in the languages of their users. */
const PREFIX =
  /^(re|r|aw|antw|antwort|sv|vs|vá|odp|ynt|res|rif|ref|enc|fwd?|wg|tr|rv|i|doorst|vl|pd|továbbítás|回复|答复|回覆|转发|轉寄)(\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]/iu;
/** `[x]`, as lists put it in front. */
const LABEL = /^\[[^\]]{0,80}\]/u;

/** A subject without what answering and passing on put in front of it, to compare by. */
export function bareSubject(subject: string): string {
  let bare = subject.normalize('NFKC').trim();
  for (let rest: string | null = bare; rest !== null;) {
    bare = rest;
    const front: string | undefined = (PREFIX.exec(bare) ?? LABEL.exec(bare))?.[0];
    rest = front === undefined ? null : bare.slice(front.length).trim();
  }
  return bare.replace(/\s+/gu, ' ').toLowerCase();
}

export function isSameSubject(one: string, other: string): boolean {
  return bareSubject(one) === bareSubject(other);
}
