import { Injectable, Logger } from '@nestjs/common';
import { ticks } from '../../../platform/common/clock.js';
import { refusalForDatabase } from '../../../platform/database/database-failure.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { docsUnder, presentLayerError, toLayerRefusal } from '../http/layer-errors.js';
import { LayerRefusal } from '../layer-refusal.js';
import type { LayerSocket } from './layer-socket.js';
import { Methods, type MethodBody } from './methods.js';
import { PacketBody } from './packet-body.js';
import { Signals, type SignalBody } from './signals.js';

const REQUEST_ID = /^[a-zA-Z0-9.-]{1,100}$/;
const REPLAY = 'Event.replay';
const MAX_METHOD_SHOWN = 100;

interface Frame {
  readonly type: unknown;
  readonly body: MethodBody;
}

/** Handles the packets of a socket. No packet, however broken, can do more than end its own socket. */
@Injectable()
export class LayerInbound {
  private readonly logger = new Logger('LayerInbound');
  /** Those that have not sent anything yet. */
  private readonly silent = new WeakSet<LayerSocket>();

  constructor(
    private readonly methods: Methods,
    private readonly signals: Signals,
  ) {}

  /** Holds back all changes until the app has had the chance to ask for what it missed. */
  await(socket: LayerSocket): void {
    socket.hold();
    this.silent.add(socket);
  }

  /** The first packet has come, or none will. */
  begin(socket: LayerSocket, first?: Frame | null): void {
    if (this.silent.delete(socket) && first?.body.method !== REPLAY) {
      socket.release();
    }
  }

  receive(socket: LayerSocket, data: Buffer, isBinary: boolean): void {
    if (socket.accepts(isBinary, ticks())) {
      const frame = readFrame(data.toString());
      this.begin(socket, frame);
      if (frame?.type === 'request') {
        void socket.handle(data.length, () => this.answer(socket, frame.body));
      } else if (frame?.type === 'signal') {
        this.signals.receive(socket, frame.body as SignalBody);
      } else {
        this.refuse(socket, frame?.body ?? {}, unreadable());
      }
    }
  }

  private async answer(socket: LayerSocket, body: MethodBody): Promise<void> {
    const { request_id: id, method } = body;
    if (id !== undefined && (typeof id !== 'string' || !REQUEST_ID.test(id))) {
      const says = 'A request_id has 1 to 100 letters, digits, dots and hyphens.';
      this.refuse(socket, { method }, new LayerRefusal('invalid_request_id', says));
      return;
    }
    try {
      const data = await this.methods.run(socket, body);
      if (id !== undefined) {
        socket.send('response', new PacketBody({ request_id: id, method, success: true, data }));
      }
    } catch (error) {
      const refusal = error instanceof Refusal ? error : refusalForDatabase(error, true);
      if (!refusal) {
        this.logger.error(`A request could not be answered: ${(error as Error).stack}`);
      }
      if (id !== undefined) {
        this.refuse(socket, body, refusal?.kind === 'unavailable' ? later(refusal) : toLayerRefusal(refusal));
      }
    }
  }

  private refuse(socket: LayerSocket, { request_id: id, method }: MethodBody, refusal: LayerRefusal): void {
    const data = presentLayerError(refusal, docsUnder(socket.base));
    const named = typeof method === 'string' ? method.slice(0, MAX_METHOD_SHOWN) : undefined;
    const known = typeof id === 'string' && REQUEST_ID.test(id) ? id : undefined;
    socket.send('response', new PacketBody({ request_id: known, method: named, success: false, data }));
  }
}

/** The SDKs repeat a request after this code only. */
function later({ message }: Refusal): LayerRefusal {
  return new LayerRefusal('request_timeout', message);
}

function unreadable(): LayerRefusal {
  return new LayerRefusal('invalid_request', 'A packet is a JSON object with the type request or signal, and a body.');
}

function readFrame(text: string): Frame | null {
  try {
    const frame = JSON.parse(text) as Partial<Frame> | null;
    return typeof frame?.body === 'object' && frame.body !== null ? { type: frame.type, body: frame.body } : null;
  } catch {
    return null;
  }
}
