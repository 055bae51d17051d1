import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { ClientsService, type KnownClient } from '../../clients/clients.service.js';
import { ticks } from '../../platform/common/clock.js';
import { Refusal, unauthorized } from '../../platform/common/errors/refusal.js';
import { neighbourhoodOf } from '../../platform/common/http/address.js';
import { RateLimits } from '../../platform/common/rate-limit/rate-limits.js';
import { isFromUi } from '../../platform/common/http/ui-origin.js';
import { admitsOrigin } from '../../platform/common/tenancy/origin.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { ACTIVITY_TIMEOUT_MS, CLOSE_TIMEOUT_MS, Connections } from '../../notify/realtime/connections.js';
import { readAddress, refuseVersion, type Closing } from './handshake.js';
import { PusherInbound } from './pusher-inbound.js';
import { OpenSockets } from '../../notify/realtime/open-sockets.js';
import { CLOSE, PusherSocket } from './pusher-socket.js';
import { Subscriptions } from './subscriptions.js';
import { Upgrades, type PendingSocket, type SocketDialect } from '../../notify/realtime/upgrades.js';

const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: 64 * 1024,
  closeTimeout: CLOSE_TIMEOUT_MS,
};

/** Half of a socket's id: what can't be guessed can't be claimed. */
const MAX_ID_PART = 2 ** 48 - 1;

/** Opens the sockets of Pusher's protocol. Their frames go to PusherInbound. */
@Injectable()
export class PusherGateway implements SocketDialect {
  readonly server = new WebSocketServer(OPTIONS);

  constructor(
    private readonly clients: ClientsService,
    private readonly limits: RateLimits,
    private readonly connections: Connections,
    private readonly inbound: PusherInbound,
    private readonly openSockets: OpenSockets,
    private readonly subscriptions: Subscriptions,
    upgrades: Upgrades,
    replicas: Replicas,
  ) {
    upgrades.add(this);
    // At once, not when the close handshake is over: this process's rows of presence are gone already.
    replicas.onRejoin(() => {
      for (const socket of connections.all()) {
        if (socket instanceof PusherSocket) {
          subscriptions.end(socket);
        }
      }
      return Promise.resolve();
    });
  }

  owns(url: string): boolean {
    return readAddress(url) !== null;
  }

  async admit(request: Request): Promise<PendingSocket> {
    const { publicKey, version } = readAddress(request.url)!;
    const client = await this.clientOf(publicKey, request);
    const closing = refuseVersion(version) ?? refuse(client, request);
    const address = neighbourhoodOf(request.ip);
    return {
      open: (wire) => {
        if (closing) {
          turnAway(wire, closing);
        } else if (this.connections.hasRoomFor(client, address)) {
          this.welcome(wire, client!, address);
        } else {
          turnAway(wire, { code: CLOSE.overCapacity, reason: 'Over capacity' });
        }
      },
    };
  }

  /** Null where the key is nobody's. @throws Refusal 429 where that happens too often */
  private async clientOf(publicKey: string, request: Request): Promise<KnownClient | null> {
    try {
      return await this.limits.countingFailures(request, async (asStranger) => {
        const client = await this.clients.findByPublicKey(publicKey, asStranger);
        if (!client) {
          throw unauthorized('Invalid public key');
        }
        return client;
      });
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'unauthorized') {
        return null;
      }
      throw error;
    }
  }

  private welcome(wire: WebSocket, client: KnownClient, address: string): void {
    const socket = new PusherSocket(`${randomInt(MAX_ID_PART)}.${randomInt(MAX_ID_PART)}`, client, wire, ticks());
    wire.on('message', (data, isBinary) => this.inbound.receive(socket, data as Buffer, isBinary));
    this.connections.add(socket, wire, address, () => {
      this.subscriptions.end(socket);
      this.openSockets.closed(socket);
    });
    const data = { socket_id: socket.id, activity_timeout: ACTIVITY_TIMEOUT_MS / 1000 };
    socket.send('pusher:connection_established', JSON.stringify(data));
  }
}

/** A socket can do nothing that was not signed for it, so programs without an Origin may open one. */
function refuse(client: KnownClient | null, request: Request): Closing | null {
  if (!client) {
    return { code: CLOSE.unknownKey, reason: 'The public key is not known' };
  }
  return admitsOrigin(client, request.headers.origin) || isFromUi(request)
    ? null
    : { code: CLOSE.unauthorized, reason: 'The Origin is not allowed' };
}

function turnAway(wire: WebSocket, { code, reason }: Closing): void {
  wire.on('error', () => undefined);
  wire.send(JSON.stringify({ event: 'pusher:error', data: { message: reason, code } }));
  wire.close(code, reason);
}
