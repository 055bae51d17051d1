import { randomInt } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { ClientsService, type KnownClient } from '../clients/clients.service.js';
import { ticks } from '../common/clock.js';
import { admits, hostOfOrigin } from '../common/tenancy/origin.js';
import { Replicas } from '../jobs/replicas.js';
import { asksForWebSocket, handBack, readAddress, refuseUpgrade, refuseVersion, type Closing } from './handshake.js';
import { Inbound } from './inbound.js';
import { CLOSE, Socket } from './socket.js';
import { Subscriptions } from './subscriptions.js';

export const MAX_SOCKETS = Symbol('MAX_SOCKETS');

/** Milliseconds; how long a peer that is being closed has to say that it understood. */
const CLOSE_TIMEOUT = 5_000;
const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: 64 * 1024,
  closeTimeout: CLOSE_TIMEOUT,
};

/** Milliseconds of silence until a peer is asked whether it is there, and until it is given up. */
const ACTIVITY_TIMEOUT = 120_000;
const PONG_TIMEOUT = 30_000;
const SWEEP_EVERY = 5_000;
/** Half of a socket's id: what can't be guessed can't be claimed. */
const MAX_ID_PART = 2 ** 48 - 1;

/** Opens sockets, watches over them, and closes them. What they say is Inbound's. */
@Injectable()
export class Sockets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Sockets');
  private readonly server = new WebSocketServer(OPTIONS);
  private readonly open = new Set<Socket>();
  private timer: NodeJS.Timeout | undefined;
  private isEnding = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly clients: ClientsService,
    private readonly inbound: Inbound,
    private readonly subscriptions: Subscriptions,
    @Inject(MAX_SOCKETS) private readonly max: number,
    replicas: Replicas,
  ) {
    // Taken for dead, it was no listener any more: what happened since may not be written down. They come back and catch up.
    replicas.onRejoin(() => {
      this.open.forEach((socket) => socket.close(CLOSE.goingDown, 'Please catch up'));
      return Promise.resolve();
    });
  }

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server;
    http.on('upgrade', (request, stream, head) => void this.upgrade(http, request, stream, head));
    this.timer = setInterval(() => this.sweep(ticks()), SWEEP_EVERY);
  }

  /** Before the HTTP server is closed, which waits for them. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearInterval(this.timer);
    this.open.forEach((socket) => socket.close(CLOSE.goingDown, 'Going down'));
    for (const end = ticks() + CLOSE_TIMEOUT; this.open.size > 0 && ticks() < end;) {
      await sleep(20);
    }
    this.open.forEach((socket) => socket.terminate());
  }

  all(): Iterable<Socket> {
    return this.open;
  }

  closeAllOf(clientId: string, code: number, reason: string): void {
    for (const socket of this.open) {
      if (socket.client.clientId === clientId) {
        socket.close(code, reason);
      }
    }
  }

  /** Asks those that have been silent for long, and gives up those that have not answered, at this moment (ticks()). */
  sweep(at: number): void {
    for (const socket of this.open) {
      const silent = at - socket.heardAt;
      if (silent > ACTIVITY_TIMEOUT + PONG_TIMEOUT) {
        socket.close(CLOSE.noPong, 'No pong');
      } else if (silent > ACTIVITY_TIMEOUT && !socket.wasPinged) {
        socket.wasPinged = true;
        socket.tell('pusher:ping', {});
      }
    }
  }

  private async upgrade(http: Server, request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const address = readAddress(request.url ?? '');
    if (address === null || !asksForWebSocket(request)) {
      handBack(http, request, stream, head);
      return;
    }
    // Until the socket is one; unheard, a reset would end the process.
    stream.on('error', ignore);
    try {
      const client = this.isEnding ? null : await this.clients.findByPublicKey(address.publicKey);
      if (this.isEnding) {
        refuseUpgrade(stream);
        return;
      }
      const closing = refuseVersion(address.version) ?? this.refuse(client, request.headers.origin);
      this.server.handleUpgrade(request, stream, head, (wire) => {
        stream.off('error', ignore);
        if (closing) {
          turnAway(wire, closing);
        } else {
          this.welcome(wire, client!);
        }
      });
    } catch (error) {
      this.logger.warn(`A socket could not be opened: ${(error as Error).message}`);
      refuseUpgrade(stream);
    }
  }

  /** Programs have no Origin, and may come: a socket can do nothing that was not signed for it. */
  private refuse(client: KnownClient | null, origin: string | undefined): Closing | null {
    if (!client) {
      return { code: CLOSE.unknownKey, reason: 'The public key is not known' };
    }
    const page = origin === undefined ? null : hostOfOrigin(origin);
    if (origin !== undefined && (page === null || !admits(client, page))) {
      return { code: CLOSE.unauthorized, reason: 'The Origin is not allowed' };
    }
    return this.open.size >= this.max ? { code: CLOSE.overCapacity, reason: 'Over capacity' } : null;
  }

  private welcome(wire: WebSocket, client: KnownClient): void {
    const socket = new Socket(`${randomInt(MAX_ID_PART)}.${randomInt(MAX_ID_PART)}`, client, wire, ticks());
    this.open.add(socket);
    wire.on('message', (data, isBinary) => this.inbound.receive(socket, data as Buffer, isBinary));
    wire.on('ping', () => socket.heard(ticks()));
    wire.on('close', () => {
      this.open.delete(socket);
      this.subscriptions.end(socket);
    });
    // It is closed by then, with the code that says what was wrong.
    wire.on('error', ignore);
    const data = { socket_id: socket.id, activity_timeout: ACTIVITY_TIMEOUT / 1000 };
    socket.tell('pusher:connection_established', JSON.stringify(data));
  }
}

function turnAway(wire: WebSocket, { code, reason }: Closing): void {
  wire.on('error', ignore);
  wire.send(JSON.stringify({ event: 'pusher:error', data: { message: reason, code } }));
  wire.close(code, reason);
}

function ignore(): void {}
