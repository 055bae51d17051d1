import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { ticks } from '../../../platform/common/clock.js';
import type { OutboundText, SendOutcome, Turn } from '../provider.js';
import { SmppSession, type SessionTurn } from './smpp-session.js';
import type { SmppSettings } from './smpp-settings.js';
import type { SmppReceiver } from './smpp-receiver.js';
import { sendText } from './smpp-sender.js';
import type { Socket } from 'node:net';

/** Between two attempts to be bound, the second after a second. */
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
const JITTER = 0.2;
/** A bind that lived as long as this was a good one. */
const GOOD_MS = 30_000;
/** How long a message waits for the bind before it comes again later. */
const READY_MS = 5_000;
/** How long it waits for its turn: less than whoever sends it may have it. */
const TURN_MS = 20_000;
/** Messages that wait for their turn; more of them are taken when these have it. */
const ENOUGH_WAITING = 20;
/** Messages whose ids are remembered until they are written down for sure. */
const MAX_REMEMBERED = 10_000;

export interface BindOptions {
  readonly settings: SmppSettings;
  readonly dial: () => Promise<Socket>;
  readonly receiverFor: (deliveryOf: (providerMessageId: string) => string | null) => SmppReceiver;
  /** Hears why there is no bind. */
  readonly problem: (why: string) => void;
}

/** The bind to a provider: made anew, whenever and however it ends, until it is stopped. */
export class SmppBind {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private readonly receiver: SmppReceiver;
  private session: SmppSession | null = null;
  private readonly waiting = new Set<(session: SmppSession) => void>();
  private readonly deliveries = new LRUCache<string, string>({ max: MAX_REMEMBERED });
  private readonly taken = new LRUCache<string, string>({ max: MAX_REMEMBERED });
  private reference = randomInt(256);

  constructor(private readonly options: BindOptions) {
    this.receiver = options.receiverFor((providerMessageId) => this.deliveries.get(providerMessageId) ?? null);
    this.running = this.run();
  }

  get isBusy(): boolean {
    return (this.session?.queued ?? 0) >= ENOUGH_WAITING;
  }

  /** The turn of a message. Null: there is no server to wait for; 'later': it has not come in time. */
  async begin(): Promise<Omit<Turn, 'providerId'> | 'later' | null> {
    const session = this.session ?? (await this.ready());
    if (!session) {
      return null;
    }
    const turn = await session.begin(TURN_MS);
    return turn ? { send: (_, message) => this.submit(turn, message), end: () => turn.end() } : 'later';
  }

  /** What the server called a message, where it answered after all; else null. */
  find(deliveryId: string): string | null {
    return this.taken.get(deliveryId) ?? null;
  }

  /** What is under way may end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.session?.close();
    await this.running;
  }

  private async submit(turn: SessionTurn, message: OutboundText): Promise<SendOutcome> {
    this.reference = (this.reference + 1) % 256;
    const { reference } = this;
    const late = (id: string): void => this.remember(message.id, id);
    try {
      const outcome = await sendText(turn, this.options.settings, message, { reference, late });
      if (outcome.kind === 'accepted') {
        this.remember(message.id, outcome.providerMessageId);
      }
      return outcome;
    } finally {
      turn.end();
    }
  }

  private remember(deliveryId: string, providerMessageId: string): void {
    this.deliveries.set(providerMessageId, deliveryId);
    this.taken.set(deliveryId, providerMessageId);
  }

  private async ready(): Promise<SmppSession | null> {
    const { signal } = this.stopping;
    let tell: ((session: SmppSession) => void) | undefined;
    const bound = new Promise<SmppSession>((resolve) => {
      tell = resolve;
      this.waiting.add(resolve);
    });
    const patience = sleep(READY_MS, null, { signal, ref: false }).catch(() => null);
    try {
      return await Promise.race([bound, patience]);
    } finally {
      this.waiting.delete(tell!);
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const began = ticks();
      const why = await this.stayBound().catch((error: Error) => error.message);
      if (signal.aborted) {
        return;
      }
      this.options.problem(why);
      failures = ticks() - began > GOOD_MS ? 0 : failures;
      await sleep(waitMs(failures), undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns why it ended @throws Error where there was no bind */
  private async stayBound(): Promise<string> {
    const socket = await this.options.dial();
    const sessionId = randomUUID();
    const session = await SmppSession.bind(socket, this.options.settings, (pdu) => this.receiver.take(sessionId, pdu));
    if (this.stopping.signal.aborted) {
      await session.close();
    }
    this.session = session;
    this.waiting.forEach((tell) => tell(session));
    try {
      return await session.ended;
    } finally {
      this.session = null;
    }
  }
}

function waitMs(failures: number): number {
  const wait = Math.min(MIN_WAIT_MS * 2 ** failures, MAX_WAIT_MS);
  return wait * (1 + JITTER * (2 * Math.random() - 1));
}
