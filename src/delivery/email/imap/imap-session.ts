import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow, type MailboxObject } from 'imapflow';
import { SECOND_MS } from '../../../platform/common/durations.js';
import { dial } from '../../../platform/common/outbound/dial.js';
import type { Resolve } from '../../../platform/common/outbound/names.js';
import type { DestinationRules } from '../../../platform/common/outbound/outbound-policy.js';
import { MAIL_LIMITS } from '../reading/mail-limits.js';
import { ImapProblem, problemOf } from './imap-problem.js';
import type { ImapServer } from './imap-server.js';
import { transportBy } from './imap-transport.js';

/** A mail in the mailbox, before it is fetched. */
export interface MailInBox {
  readonly uid: number;
  readonly size: number;
  /** When it came there, as its server says. */
  readonly arrivedAt: Date;
}

export interface SessionTimes {
  /** That a server has for an answer; for a whole mail it has more. */
  readonly stepMs: number;
  readonly mailMs: number;
  /** How long it is waited for news, and between two looks where a server tells none. */
  readonly idleMs: number;
  readonly pollMs: number;
}

const TIMES: SessionTimes = {
  stepMs: 60 * SECOND_MS,
  mailMs: 300 * SECOND_MS,
  idleMs: 240 * SECOND_MS,
  pollMs: 30 * SECOND_MS,
};
const MB = 1024 * 1024;
/** Of an answer; the numbers of a million mails fit into it. */
const MAX_ANSWER_BYTES = 16 * MB;
const MAX_MAIL_BYTES = MAIL_LIMITS.rawBytes + MB;
const MAX_TOKENS = 100_000;
const WATCH_MS = 100;

/** One connection to an IMAP server whose address a client chose, with its inbox open. It changes nothing there. */
export class ImapSession {
  private box!: MailboxObject;
  private hasNews = false;
  private tell: () => void = () => undefined;
  private readonly lost: Promise<never>;
  readonly close = (): void => {
    this.signal.removeEventListener('abort', this.close);
    this.flow.close();
  };

  private constructor(
    private readonly flow: ImapFlow,
    private readonly times: SessionTimes,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.close, { once: true });
    this.lost = new Promise((_, fail) => {
      flow.on('error', (error: Error) => fail(problemOf(error)));
      flow.on('close', () => fail(new ImapProblem('It ended the connection')));
    });
    // Told by whichever waits for it.
    this.lost.catch(() => undefined);
    flow.on('exists', () => {
      this.hasNews = true;
      this.tell();
    });
  }

  /** @param signal ends it, whatever it does @throws ImapProblem */
  static async open(
    server: ImapServer,
    rules: DestinationRules,
    resolve: Resolve,
    signal: AbortSignal,
    times: SessionTimes = TIMES,
  ): Promise<ImapSession> {
    const { host, port, secure, username, password } = server;
    const socket = await dial({ host, port, tls: secure }, rules, resolve).catch((error: Error) => {
      throw new ImapProblem(error.message);
    });
    const flow = new ImapFlow({
      ...{ host, port, secure, auth: { user: username, pass: password }, transport: transportBy(socket) },
      // What a client in live mode reads does not travel in the open.
      ...(secure || rules.http ? {} : { doSTARTTLS: true }),
      ...{ logger: false, clientInfo: { name: 'Parlance' } },
      // It says what it is asked to and nothing else, so that what comes is what was sent.
      ...{ disableAutoIdle: true, disableCompression: true, disableAutoEnable: true, disableIMAP4rev2: true },
      ...{ maxLineLength: MAX_ANSWER_BYTES, maxLiteralSize: MAX_MAIL_BYTES, maxResponseTokens: MAX_TOKENS },
      ...{ maxResponseSize: MAX_MAIL_BYTES + MAX_ANSWER_BYTES },
      ...{ greetingTimeout: times.stepMs / 4, socketTimeout: times.idleMs + times.mailMs },
    });
    const session = new ImapSession(flow, times, signal);
    try {
      signal.throwIfAborted();
      await session.bounded(() => flow.connect());
      session.box = await session.bounded(() => flow.mailboxOpen('INBOX', { readOnly: true }));
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** By which the UIDs are what they are. */
  get uidValidity(): string {
    return String(this.box.uidValidity);
  }

  /** Of the next mail that comes; where the server does not say, the one after all that are there. */
  async nextUid(): Promise<number> {
    return this.box.uidNext || Math.max(0, ...(await this.uidsAfter(0))) + 1;
  }

  /** Of all mails that came after the one with `uid`, in order. */
  async uidsAfter(uid: number): Promise<number[]> {
    this.hasNews = false;
    // A server may keep what is new to itself until it is asked for anything.
    await this.bounded(() => this.flow.noop());
    // The range always has the last mail, whatever its number.
    const found = await this.search({ uid: `${uid + 1}:*` });
    return found.filter((one) => one > uid);
  }

  /** Of all that came on the day of `moment` or later, whatever its time zone. */
  uidsSince(moment: Date): Promise<number[]> {
    return this.search({ since: new Date(moment.getTime() - 86_400 * SECOND_MS) });
  }

  /** Those of the mails that are still there. */
  async describe(uids: readonly number[]): Promise<MailInBox[]> {
    const query = { uid: true, size: true, internalDate: true };
    const rows = await this.bounded(() => this.flow.fetchAll(uids.join(','), query, { uid: true }));
    const asked = new Set(uids);
    return rows
      .filter(({ uid, size }) => asked.has(uid) && size !== undefined)
      .map(({ uid, size, internalDate }) => ({ uid, size: size!, arrivedAt: new Date(internalDate ?? 0) }))
      .sort((one, other) => one.uid - other.uid);
  }

  /** As it is; null where it is gone, or too large whatever its server said. */
  async fetch(uid: number): Promise<Buffer | 'too_large' | null> {
    const source = { start: 0, maxLength: MAIL_LIMITS.rawBytes + 1 };
    const row = await this.bounded(
      () => this.flow.fetchOne(String(uid), { source }, { uid: true }),
      this.times.mailMs,
      MAX_MAIL_BYTES + MB,
    );
    if (!row || row.source === undefined) {
      return null;
    }
    return row.source.length > MAIL_LIMITS.rawBytes ? 'too_large' : row.source;
  }

  /** Until there may be something new. */
  async wait(): Promise<void> {
    if (this.hasNews) {
      return;
    }
    const { idleMs, pollMs, stepMs } = this.times;
    const over = new AbortController();
    const pause = (ms: number): Promise<void> =>
      sleep(ms, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    const news = new Promise<void>((resolve) => (this.tell = resolve));
    try {
      await this.bounded(
        () =>
          this.flow.capabilities.has('IDLE')
            ? // It may end that, or refuse it.
              Promise.race([news, pause(idleMs), this.flow.idle().then(() => pause(pollMs))])
            : Promise.race([news, pause(pollMs)]),
        idleMs + stepMs,
      );
    } finally {
      over.abort();
    }
  }

  private async search(query: { readonly uid: string } | { readonly since: Date }): Promise<number[]> {
    const found = await this.bounded(() => this.flow.search(query, { uid: true }));
    if (!found) {
      throw new ImapProblem('It does not say which mails there are');
    }
    return found.sort((one, other) => one - other);
  }

  /** Ends the connection when it takes too long, or when more comes than an IMAP server says. @throws ImapProblem */
  private async bounded<T>(work: () => Promise<T>, ms = this.times.stepMs, bytes = MAX_ANSWER_BYTES + MB): Promise<T> {
    const began = this.flow.stats().received;
    let stop!: (problem: ImapProblem) => void;
    const stopped = new Promise<never>((_, fail) => {
      stop = (problem) => {
        fail(problem);
        this.close();
      };
    });
    const late = setTimeout(() => stop(new ImapProblem(`It takes more than ${ms / SECOND_MS} s`)), ms);
    const watch = setInterval(() => {
      if (this.flow.stats().received - began > bytes) {
        stop(new ImapProblem('It sends more than an IMAP server says'));
      }
    }, WATCH_MS);
    const working = work().catch((error: Error) => Promise.reject(problemOf(error)));
    try {
      return await Promise.race([stopped, working, this.lost]);
    } finally {
      clearTimeout(late);
      clearInterval(watch);
      // Whichever was too late.
      working.catch(() => undefined);
      stopped.catch(() => undefined);
    }
  }
}
