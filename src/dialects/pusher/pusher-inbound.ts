import { Injectable, Logger } from '@nestjs/common';
import { ticks } from '../../platform/common/clock.js';
import { ClientEvents } from './client-events.js';
import type { PusherSocket } from './pusher-socket.js';
import { Subscriptions, type SubscribeData } from './subscriptions.js';

interface Frame {
  readonly event: string;
  readonly channel?: unknown;
  readonly data?: unknown;
}

/** Handles the frames of a socket. No frame, however broken, can do more than end its own socket. */
@Injectable()
export class PusherInbound {
  private readonly logger = new Logger('Inbound');

  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly clientEvents: ClientEvents,
  ) {}

  receive(socket: PusherSocket, data: Buffer, isBinary: boolean): void {
    if (socket.accepts(isBinary, ticks())) {
      try {
        this.answer(socket, readFrame(data.toString()));
      } catch (error) {
        // JSON that is nested too deeply to be written again, for one.
        this.logger.warn(`A frame could not be answered: ${(error as Error).message}`);
        socket.sendError('The frame can not be read');
      }
    }
  }

  private answer(socket: PusherSocket, frame: Frame | null): void {
    if (frame === null) {
      socket.sendError('A frame is a JSON object with an event');
    } else if (frame.event === 'pusher:ping') {
      socket.send('pusher:pong', {});
    } else if (frame.event === 'pusher:subscribe') {
      this.subscriptions.subscribe(socket, dataOf(frame));
    } else if (frame.event === 'pusher:unsubscribe') {
      this.subscriptions.unsubscribe(socket, dataOf(frame));
    } else if (frame.event.startsWith('client-')) {
      this.clientEvents.relay(socket, frame.event, frame.channel, frame.data);
    } else if (frame.event !== 'pusher:pong') {
      socket.sendError('The event is not known');
    }
  }
}

function readFrame(text: string): Frame | null {
  const frame = parse(text) as Frame | null;
  return typeof frame?.event === 'string' ? frame : null;
}

/** Null where it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Libraries for Java, Kotlin and Flutter send it as a string that is JSON. */
function dataOf({ data }: Frame): SubscribeData {
  const value = typeof data === 'string' ? parse(data) : data;
  return typeof value === 'object' && value !== null ? value : {};
}
