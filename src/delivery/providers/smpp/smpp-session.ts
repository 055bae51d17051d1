import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import smpp, { type Pdu, type Session } from 'smpp';
import { SendTurns } from './send-turns.js';
import type { SmppSettings } from './smpp-settings.js';
import { nameOfStatus } from './smpp-status.js';

/** What came of a `submit_sm`. */
export type SubmitAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly messageId: string }
  /** Nothing of it has left. */
  | { readonly kind: 'not_sent' }
  | { readonly kind: 'unknown'; readonly why: string };

/** A message's place among those on their way: its parts go one after the other. Whoever has it ends it. */
export interface SessionTurn {
  /** Sends a part, once. `late` hears an answer that came too late for the result. */
  submit(fields: Readonly<Record<string, unknown>>, late?: (messageId: string) => void): Promise<SubmitAnswer>;
  end(): void;
}

/** A server that refused the bind. */
export class BindRefused extends Error {
  constructor(readonly status: number) {
    super(`The server refused the bind: ${nameOfStatus(status)}`);
  }
}

export interface SessionTimes {
  readonly answerMs: number;
  readonly enquireEveryMs: number;
}

export const TIMES: SessionTimes = { answerMs: 15_000, enquireEveryMs: 30_000 };
const BIND_MS = 10_000;
const UNBIND_MS = 2_000;
/** 3.4 */
const INTERFACE_VERSION = 0x34;
/** Messages of phones that wait for those before them; a server that sends more is told to come again. */
const MAX_WAITING = 100;

const { ESME_ROK, ESME_RX_T_APPN, ESME_RMSGQFUL } = smpp.errors as Record<string, number>;

/**
 * A connection that is bound as a transceiver. What phones send is handled one after the other, in the order in which it
 * came, and answered when `deliver` has done with it.
 */
export class SmppSession {
  /** Why it ended. */
  readonly ended: Promise<string>;
  private readonly closing = new AbortController();
  private readonly turns: SendTurns;
  private readonly pending = new Map<number, (answer: SubmitAnswer) => void>();
  private end!: (why: string) => void;
  private isOver = false;
  private delivering: Promise<void> = Promise.resolve();
  private waiting = 0;

  private constructor(
    private readonly session: Session,
    { window, mps }: Pick<SmppSettings, 'window' | 'mps'>,
    private readonly deliver: (pdu: Pdu) => Promise<number>,
    private readonly times: SessionTimes,
  ) {
    this.turns = new SendTurns(window, mps, this.closing.signal);
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    session.on('error', (error: Error) => this.finish(error.message));
    session.on('close', () => this.finish('The server closed the connection'));
    session.on('pdu', (pdu: Pdu) => {
      try {
        this.receive(pdu);
      } catch (error) {
        // The package would let it end the process.
        this.finish((error as Error).message);
      }
    });
  }

  /** @param socket connected @throws BindRefused, or Error where it does not answer */
  static async bind(
    socket: Socket,
    settings: SmppSettings,
    deliver: (pdu: Pdu) => Promise<number>,
    times = TIMES,
  ): Promise<SmppSession> {
    const one = new SmppSession(new smpp.Session({ socket }), settings, deliver, times);
    const { systemId: system_id, password, systemType: system_type } = settings;
    const fields = { system_id, password, system_type, interface_version: INTERFACE_VERSION };
    try {
      const { command_status: status } = await one.ask('bind_transceiver', fields, BIND_MS);
      if (status !== ESME_ROK) {
        throw new BindRefused(status);
      }
    } catch (error) {
      one.finish((error as Error).message);
      throw error;
    }
    void one.enquire();
    return one;
  }

  /** Messages that wait for their turn. */
  get queued(): number {
    return this.turns.waiting;
  }

  /** The turn of a message; null where it does not come within `patienceMs`, or the connection ends. */
  async begin(patienceMs: number): Promise<SessionTurn | null> {
    if (!(await this.turns.begin(patienceMs))) {
      return null;
    }
    let hasBegun = false;
    let hasEnded = false;
    return {
      submit: async (fields, late = () => undefined) => {
        const may = hasBegun ? await this.turns.goOn() : !this.closing.signal.aborted;
        hasBegun = true;
        return may ? this.write(fields, late) : { kind: 'not_sent' };
      },
      end: () => {
        if (!hasEnded) {
          hasEnded = true;
          this.turns.end();
        }
      },
    };
  }

  /** Nothing more is sent; what is under way may end, as far as it ends in time. */
  async close(): Promise<void> {
    this.closing.abort();
    const idle = Promise.all([this.turns.idle(), this.delivering]);
    await Promise.race([idle, this.ended, sleep(this.times.answerMs, undefined, { ref: false })]);
    await this.ask('unbind', {}, UNBIND_MS).catch(() => undefined);
    this.finish('We closed the connection');
  }

  private write(fields: Readonly<Record<string, unknown>>, late: (messageId: string) => void): Promise<SubmitAnswer> {
    return new Promise((resolve) => {
      const pdu = new smpp.PDU('submit_sm', fields);
      const settle = (answer: SubmitAnswer): void => {
        clearTimeout(timer);
        this.pending.delete(pdu.sequence_number);
        resolve(answer);
      };
      const timer = setTimeout(() => settle({ kind: 'unknown', why: 'no response in time' }), this.times.answerMs);
      const sent = this.session.send(pdu, ({ command_status: status, message_id: id }) => {
        const messageId = typeof id === 'string' ? id : '';
        if (!this.pending.has(pdu.sequence_number) && status === ESME_ROK && messageId !== '') {
          late(messageId);
        }
        settle({ kind: 'answered', status, messageId });
      });
      if (sent) {
        this.pending.set(pdu.sequence_number, settle);
      } else {
        settle({ kind: 'not_sent' });
      }
    });
  }

  /** @throws Error where no response comes */
  private async ask(command: string, fields: Readonly<Record<string, unknown>>, withinMs: number): Promise<Pdu> {
    const response = new Promise<Pdu>((resolve, reject) => {
      if (this.isOver || !this.session.send(new smpp.PDU(command, fields), resolve)) {
        reject(new Error('The connection is closed'));
      }
    });
    const silence = sleep(withinMs, undefined, { ref: false }).then(() => {
      throw new Error(`No response to ${command} within ${withinMs / 1000} seconds`);
    });
    const end = this.ended.then((why) => {
      throw new Error(why);
    });
    return Promise.race([response, silence, end]);
  }

  /** As long as the connection lives, the server is asked whether it does. */
  private async enquire(): Promise<void> {
    const ended = once(this.session.socket, 'close').catch(() => undefined);
    while (!this.isOver) {
      await Promise.race([sleep(this.times.enquireEveryMs, undefined, { ref: false }), ended]);
      await this.ask('enquire_link', {}, this.times.answerMs).catch((error: Error) => this.finish(error.message));
    }
  }

  private receive(pdu: Pdu): void {
    if (pdu.isResponse()) {
      return;
    }
    switch (pdu.command) {
      case 'deliver_sm':
        return this.queue(pdu);
      case 'unbind':
        this.session.send(pdu.response());
        return this.finish('The server ended the bind');
      case 'enquire_link':
        return void this.session.send(pdu.response());
      case 'alert_notification':
        return undefined;
      default:
        return void this.session.send(
          new smpp.PDU('generic_nack', { command_status: 3, sequence_number: pdu.sequence_number }),
        );
    }
  }

  private queue(pdu: Pdu): void {
    if (this.waiting >= MAX_WAITING) {
      this.session.send(pdu.response({ command_status: ESME_RMSGQFUL }));
      return;
    }
    this.waiting += 1;
    this.delivering = this.delivering.then(async () => {
      const status = await this.deliver(pdu).catch(() => ESME_RX_T_APPN!);
      this.waiting -= 1;
      this.session.send(pdu.response({ command_status: status }));
    });
  }

  private finish(why: string): void {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    this.closing.abort();
    this.session.destroy();
    [...this.pending.values()].forEach((settle) => settle({ kind: 'unknown', why }));
    this.end(why);
  }
}
