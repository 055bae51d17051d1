import { Injectable } from '@nestjs/common';
import { ticks } from '../../../platform/common/clock.js';
import type { UiSocket } from './ui-socket.js';
import { UiSubscriptions, type Subscription } from './ui-subscriptions.js';

const SUBSCRIBE_WITHIN_MS = 5_000;
const FIELDS = ['workspaceId', 'lastEventId', 'token'];

/** Handles the frames of a socket: one that subscribes, and pings. Anything else ends it. */
@Injectable()
export class UiInbound {
  /** Those that have not subscribed yet, and when they are given up. */
  private readonly silent = new Map<UiSocket, NodeJS.Timeout>();

  constructor(private readonly subscriptions: UiSubscriptions) {}

  await(socket: UiSocket): void {
    const giveUp = (): void => socket.close('tooLate', 'Not subscribed within 5 seconds');
    this.silent.set(socket, setTimeout(giveUp, SUBSCRIBE_WITHIN_MS));
  }

  forget(socket: UiSocket): boolean {
    clearTimeout(this.silent.get(socket));
    return this.silent.delete(socket);
  }

  receive(socket: UiSocket, data: Buffer, isBinary: boolean): void {
    if (!socket.accepts(isBinary, ticks())) {
      return;
    }
    const frame = readFrame(data.toString());
    if (frame?.type === 'ping') {
      socket.say({ type: 'pong' });
      return;
    }
    const wanted = frame?.type === 'subscribe' ? subscriptionIn(frame.data) : null;
    if (wanted !== null && this.forget(socket)) {
      void this.subscriptions.subscribe(socket, wanted);
    } else {
      socket.close('malformed', 'Frames are one subscribe, and pings');
    }
  }
}

function readFrame(text: string): { readonly type?: unknown; readonly data?: unknown } | null {
  try {
    return JSON.parse(text) as object | null;
  } catch {
    return null;
  }
}

/** Null where it is none. */
function subscriptionIn(data: unknown): Subscription | null {
  if (typeof data !== 'object' || data === null) {
    return null;
  }
  const fields = Object.entries(data).filter(([, value]) => value !== null);
  return 'workspaceId' in data && fields.every(([name, value]) => FIELDS.includes(name) && typeof value === 'string')
    ? (Object.fromEntries(fields) as unknown as Subscription)
    : null;
}
