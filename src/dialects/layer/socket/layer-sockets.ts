import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { ticks } from '../../../platform/common/clock.js';
import { Refusal, forbidden, unauthorized } from '../../../platform/common/errors/refusal.js';
import { neighbourhoodOf } from '../../../platform/common/http/address.js';
import { baseUrlOf } from '../../../platform/common/http/base-url.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { admitsOrigin } from '../../../platform/common/tenancy/origin.js';
import { CLOSE_TIMEOUT_MS, Connections } from '../../../notify/realtime/connections.js';
import { Feed } from '../../../platform/outbox/feed.js';
import { OpenSockets } from '../../../notify/realtime/open-sockets.js';
import { Revocations } from '../../../notify/realtime/revocations.js';
import { Upgrades, type PendingSocket, type SocketDialect } from '../../../notify/realtime/upgrades.js';
import { MOUNTED_AT } from '../http/is-for-layer.js';
import { LayerCredentials } from '../sessions/layer.credentials.js';
import { LayerInbound } from './layer-inbound.js';
import { LayerRooms } from './layer-rooms.js';
import { LayerSocket, type Visitor } from './layer-socket.js';

/** The versions do not differ in anything that is sent here. */
const PROTOCOLS = ['layer-3.0', 'layer-2.0'];

const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  // A hundred parts of two kilobytes, and the JSON around them.
  maxPayload: 256 * 1024,
  closeTimeout: CLOSE_TIMEOUT_MS,
  handleProtocols: (offered) => PROTOCOLS.find((one) => offered.has(one)) ?? false,
};

/** A new socket that sends nothing is sent nothing for so long: most first ask for what they missed. */
const FIRST_FRAME_MS = 1_000;

/** Opens the sockets of Layer's protocol. Their packets go to LayerInbound. */
@Injectable()
export class LayerSockets implements SocketDialect {
  readonly server = new WebSocketServer(OPTIONS);

  constructor(
    private readonly credentials: LayerCredentials,
    private readonly limits: RateLimits,
    private readonly connections: Connections,
    private readonly feed: Feed,
    private readonly revocations: Revocations,
    private readonly rooms: LayerRooms,
    private readonly openSockets: OpenSockets,
    private readonly inbound: LayerInbound,
    upgrades: Upgrades,
  ) {
    upgrades.add(this);
  }

  owns(url: string): boolean {
    const [path] = url.split('?', 1);
    return path === MOUNTED_AT || path === `${MOUNTED_AT}/`;
  }

  /** A refusal carries no reason; the SDKs then ask over HTTP, where they are given a nonce. */
  async admit(request: Request): Promise<PendingSocket> {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
    if (!offered.some((one) => PROTOCOLS.includes(one))) {
      throw new Refusal('malformed', 'No protocol that is spoken here');
    }
    const visitor = await this.visitorOf(request);
    // Before it is open, so that no event from then on is missed.
    await this.feed.listen(visitor.client.clientId);
    const address = neighbourhoodOf(request.ip);
    const leave = (): void => this.feed.leave(visitor.client.clientId);
    return {
      abandon: leave,
      open: (wire) => {
        if (this.connections.hasRoomFor(visitor.client, address)) {
          this.welcome(wire, visitor, address, leave);
        } else {
          leave();
          wire.on('error', () => undefined);
          wire.close(1013, 'Over capacity');
        }
      },
    };
  }

  /** @throws Refusal */
  private async visitorOf(request: Request): Promise<Visitor> {
    const { searchParams } = new URL(request.url, 'http://localhost');
    const token = searchParams.get('session_token') ?? '';
    const session = await this.limits.countingFailures(request, async (asStranger) => {
      const found = await this.credentials.find(token, asStranger);
      if (!found) {
        throw unauthorized('Invalid session token');
      }
      return found;
    });
    if (!admitsOrigin(session, request.headers.origin)) {
      throw forbidden('Invalid origin domain');
    }
    const { clientId, livemode, customerId, sessionId } = session;
    if (await this.revocations.isRevoked(clientId, sessionId)) {
      throw unauthorized('Invalid session token');
    }
    return { client: { clientId, livemode }, customerId, sessionId, base: baseUrlOf(request) + MOUNTED_AT };
  }

  private welcome(wire: WebSocket, visitor: Visitor, address: string, leave: () => void): void {
    const socket = new LayerSocket(visitor, wire, () => this.feed.watermark, ticks());
    this.inbound.await(socket);
    const timer = setTimeout(() => this.inbound.begin(socket), FIRST_FRAME_MS);
    wire.on('message', (data, isBinary) => this.inbound.receive(socket, data as Buffer, isBinary));
    this.rooms.enter(socket);
    this.openSockets.opened(socket, socket.client, socket.customerId);
    this.connections.add(socket, wire, address, () => {
      clearTimeout(timer);
      this.rooms.leave(socket);
      this.openSockets.closed(socket);
      leave();
    });
  }
}
