/** What was said in a channel, and what became of it. */
export interface Said {
  readonly id: string;
  /** From 1. */
  readonly position: number;
  /** Null once the sender is erased. */
  sender: number | null;
  deleted: boolean;
  readonly hiddenBy: Set<number>;
}

interface Marks {
  read: number;
  delivered: number;
  readonly joined: number;
}

/** A channel as simply as it can be told: every number is counted anew whenever it is asked for. */
export class ChannelModel {
  readonly said: Said[] = [];
  readonly members = new Map<number, Marks>();
  readonly erased = new Set<number>();

  constructor(members: readonly number[]) {
    members.forEach((who) => this.join(who));
  }

  /** What is not deleted. */
  shown(): Said[] {
    return this.said.filter(({ deleted }) => !deleted);
  }

  send(who: number, id: string): void {
    this.said.push({ id, position: this.said.length + 1, sender: who, deleted: false, hiddenBy: new Set() });
  }

  /** Answers where the mark is now. */
  mark(kind: 'read' | 'delivered', who: number, position: number): number {
    const marks = this.members.get(who)!;
    marks[kind] = Math.max(marks[kind], position);
    marks.delivered = Math.max(marks.delivered, marks.read);
    return marks[kind];
  }

  join(who: number): void {
    const newest = this.said.length;
    if (!this.members.has(who)) {
      this.members.set(who, { read: newest, delivered: newest, joined: newest });
    }
  }

  leave(who: number): void {
    this.members.delete(who);
  }

  erase(who: number): void {
    this.leave(who);
    this.erased.add(who);
    this.said.filter(({ sender }) => sender === who).forEach((message) => (message.sender = null));
  }

  unread(who: number): number {
    const { read } = this.members.get(who)!;
    return this.shown().filter(
      ({ sender, position, hiddenBy }) => sender !== who && position > read && !hiddenBy.has(who),
    ).length;
  }

  /** With whom a message has come how far. */
  receipts({ position, sender }: Said): Array<[who: number, status: string]> {
    return [...this.members]
      .filter(([who, { joined }]) => who !== sender && joined < position)
      .map(([who, { read, delivered }]) => [
        who,
        read >= position ? 'read' : delivered >= position ? 'delivered' : 'sent',
      ]);
  }
}
