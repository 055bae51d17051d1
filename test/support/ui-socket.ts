import { once } from 'node:events';
import { afterAll } from '@jest/globals';
import WebSocket from 'ws';
import { holdAgainstAsyncApi } from './asyncapi.js';
import { until } from './until.js';
import type { TestUser, Workspace } from './users.js';

/** A frame as it came. */
export interface UiFrame {
  readonly type: string;
  readonly id?: string;
  // What it holds is what the tests are about.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data?: any;
}

/** One that is still open keeps the whole run from ending, so a test that failed must not leave one behind. */
const open = new Set<UiSocket>();
afterAll(() => open.forEach((one) => one.end()));

/** The socket of a user's page, by hand. */
export class UiSocket {
  readonly frames: UiFrame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(readonly wire: WebSocket) {
    wire.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as UiFrame;
      this.frames.push(frame);
      holdAgainstAsyncApi('sendWorkspaceFrame', frame);
    });
    wire.on('error', () => undefined);
    open.add(this);
    this.closed = once(wire, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  }

  /** Resolves once it is open. @throws Error where it is refused in HTTP */
  static async open(
    url: string,
    token: string | null = null,
    options: WebSocket.ClientOptions = {},
    path = '/api/ui/ws',
  ): Promise<UiSocket> {
    const protocols = ['parlance.v1', ...(token === null ? [] : [`bearer.${token}`])];
    const socket = new UiSocket(new WebSocket(url.replace('http', 'ws') + path, protocols, options));
    await once(socket.wire, 'open');
    return socket;
  }

  /** Subscribed, and told so. */
  static async of(url: string, { token }: TestUser, { id }: Pick<Workspace, 'id'>, lastEventId?: string) {
    const socket = await UiSocket.open(url, token);
    await socket.subscribe({ workspaceId: id, lastEventId });
    return socket;
  }

  send(frame: unknown): void {
    this.wire.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  async subscribe(data: object): Promise<void> {
    this.send({ type: 'subscribe', data });
    await this.next('ready');
  }

  of(type: string): UiFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** The first so many of this type, as soon as they are there. */
  async next(type: string, count = 1): Promise<UiFrame[]> {
    await until(() => {
      if (this.of(type).length < count && this.wire.readyState === WebSocket.CLOSED) {
        throw new Error(`${type} did not come: ${JSON.stringify(this.frames)}`);
      }
      return this.of(type).length >= count;
    });
    return this.of(type);
  }

  /** What happened, as it was told. */
  get events(): UiFrame[] {
    return this.frames.filter(({ id }) => id !== undefined);
  }

  end(): void {
    this.wire.terminate();
  }
}
