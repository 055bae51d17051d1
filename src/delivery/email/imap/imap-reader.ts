import { setTimeout as sleep } from 'node:timers/promises';
import { now, ticks } from '../../../platform/common/clock.js';
import { SECOND_MS } from '../../../platform/common/durations.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { hopsOf, MAX_HOPS } from '../inbound/hops.js';
import type { ArrivedMail } from '../inbound/mail-intake.js';
import { MAIL_LIMITS } from '../reading/mail-limits.js';
import type { Position } from './imap-mailboxes.repository.js';
import { ImapProblem } from './imap-problem.js';
import type { ImapSession, MailInBox } from './imap-session.js';

/** Mails that are described at once. */
const BATCH = 100;
/** Between two connections, the second after a second; a server may shut out whoever tries a wrong password too often. */
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 900_000;
const JITTER = 0.2;
/** A connection that lived as long as this was a good one. */
const GOOD_MS = 30_000;

/** Somebody else reads the mailbox by now, or it was set anew. */
class Superseded extends Error {}

export interface ReaderOptions {
  readonly open: (signal: AbortSignal) => Promise<ImapSession>;
  /** Null where this process does not hold the mailbox any more. */
  readonly findPosition: () => Promise<Position | null>;
  /** In the transaction around it; false where this process does not hold it any more, or it is elsewhere. */
  readonly move: (was: Position, is: Position) => Promise<boolean>;
  /** Keeps a mail; `alongside` is of the same transaction. */
  readonly accept: (mail: ArrivedMail, alongside: () => Promise<void>) => Promise<void>;
  /** Keeps that there is a mail that is not taken. */
  readonly refuse: (why: string, alongside: () => Promise<void>) => Promise<void>;
  /** One mail after another, beside those of other mailboxes. */
  readonly inSlot: <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;
  readonly works: () => Promise<void>;
  /** Hears why it can't be read. */
  readonly problem: (error: Error) => void;
}

/** Reads one mailbox: by one connection after another, until it is stopped. Each mail is kept in the commit that moves the position. */
export class ImapReader {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private hasLooked = false;

  constructor(private readonly options: ReaderOptions) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const began = ticks();
      this.hasLooked = false;
      const error = await this.read().catch((reason: Error) => reason);
      if (signal.aborted) {
        return;
      }
      // One that worked and ended is made anew, and only told of where that fails.
      const isLost = this.hasLooked && error instanceof ImapProblem;
      if (!isLost && !(error instanceof Superseded)) {
        this.options.problem(error);
      }
      failures = ticks() - began > GOOD_MS ? 0 : failures;
      await sleep(waitMs(failures), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until it fails. */
  private async read(): Promise<never> {
    const was = await this.options.findPosition();
    if (!was) {
      throw new Superseded();
    }
    const session = await this.options.open(this.stopping.signal);
    try {
      let position = await this.begin(session, was);
      for (;;) {
        position = await this.take(session, await session.uidsAfter(position.lastUid!), position, true);
        await this.noteWorks();
        await session.wait();
      }
    } finally {
      session.close();
    }
  }

  private async noteWorks(): Promise<void> {
    if (!this.hasLooked) {
      await this.options.works();
      this.hasLooked = true;
    }
  }

  /**
   * Where it goes on: at first after the mails that are there. Where UIDs are no longer what they were, after all that are there,
   * once those were taken that came after the newest that was; what was taken before is known by its Message-ID.
   */
  private async begin(session: ImapSession, was: Position): Promise<Position> {
    const { uidValidity } = session;
    if (was.uidValidity === uidValidity) {
      return was;
    }
    const lastUid = (await session.nextUid()) - 1;
    let since = was.since ?? now();
    if (was.since) {
      const late = await this.arrivedSince(session, was.since);
      const uids = late.map(({ uid }) => uid);
      await this.take(session, uids, was, false);
      since = new Date(Math.max(since.getTime(), ...late.map(({ arrivedAt }) => arrivedAt.getTime())));
    }
    const is = { uidValidity, lastUid, since };
    if (!(await this.options.move(was, is))) {
      throw new Superseded();
    }
    return is;
  }

  private async arrivedSince(session: ImapSession, since: Date): Promise<MailInBox[]> {
    // A server tells whole seconds: what came in the same one may have come later.
    const from = Math.floor(since.getTime() / SECOND_MS) * SECOND_MS;
    const found: MailInBox[] = [];
    for (const few of batchesOf(await session.uidsSince(since))) {
      found.push(...(await session.describe(few)).filter(({ arrivedAt }) => arrivedAt.getTime() >= from));
    }
    return found;
  }

  /** @param moves whether the position goes along with each of them @returns the position after them */
  private async take(
    session: ImapSession,
    uids: readonly number[],
    position: Position,
    moves: boolean,
  ): Promise<Position> {
    let at = position;
    for (const few of batchesOf(uids)) {
      for (const mail of await session.describe(few)) {
        const next = moves ? { ...at, lastUid: mail.uid, since: mail.arrivedAt } : at;
        await this.takeOne(session, mail, async () => {
          if (!(await this.options.move(at, next))) {
            throw new Superseded();
          }
        });
        at = next;
      }
    }
    return at;
  }

  private async takeOne(session: ImapSession, mail: MailInBox, alongside: () => Promise<void>): Promise<void> {
    const { accept, refuse, inSlot } = this.options;
    const { uid, size } = mail;
    if (size > MAIL_LIMITS.rawBytes) {
      return refuse(tooLarge(uid, size), alongside);
    }
    await inSlot(this.stopping.signal, async () => {
      const raw = await session.fetch(uid);
      if (raw === null) {
        return;
      }
      if (raw === 'too_large') {
        return refuse(tooLarge(uid, size), alongside);
      }
      return hopsOf(raw) > MAX_HOPS
        ? refuse(`Mail ${uid} went through too many servers; it is in the mailbox only`, alongside)
        : accept({ raw, envelopeFrom: null, envelopeTo: [] }, alongside);
    });
  }
}

function tooLarge(uid: number, size: number): string {
  return `Mail ${uid} has ${size} bytes, more than ${MAIL_LIMITS.rawBytes}; it is in the mailbox only`;
}

function* batchesOf(uids: readonly number[]): Iterable<readonly number[]> {
  for (let from = 0; from < uids.length; from += BATCH) {
    yield uids.slice(from, from + BATCH);
  }
}

/** For whoever set it up; null where that is of no use to them. */
export function wordsFor(error: Error): string | null {
  if (error instanceof ImapProblem) {
    return error.message;
  }
  return error instanceof Refusal && error.code === 'storage_limit_reached' ? 'There is no room for its mails' : null;
}

function waitMs(failures: number): number {
  const wait = Math.min(MIN_WAIT_MS * 2 ** failures, MAX_WAIT_MS);
  return wait * (1 + JITTER * (2 * Math.random() - 1));
}
