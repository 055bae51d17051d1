import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { CLOSE_TIMEOUT_MS, Connections } from '../../../notify/realtime/connections.js';
import { Upgrades, type PendingSocket, type SocketDialect } from '../../../notify/realtime/upgrades.js';
import { ticks } from '../../../platform/common/clock.js';
import { forbidden, Refusal } from '../../../platform/common/errors/refusal.js';
import { neighbourhoodOf } from '../../../platform/common/http/address.js';
import { isFromUi } from '../../../platform/common/http/ui-origin.js';
import { SOCKET } from '../http/is-for-sms.js';
import { UiAdmission } from './ui-admission.js';
import { UiInbound } from './ui-inbound.js';
import { CLOSE, UiSocket, type Opener } from './ui-socket.js';
import { UiSubscriptions } from './ui-subscriptions.js';

const PROTOCOL = 'parlance.v1';
/** A browser can send no header; a protocol is the one thing it may name that nobody logs. */
const BEARER = 'bearer.';

const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: 4 * 1024,
  closeTimeout: CLOSE_TIMEOUT_MS,
  handleProtocols: () => PROTOCOL,
};

/** Opens the sockets of users' pages. Their frames go to UiInbound. */
@Injectable()
export class UiSockets implements SocketDialect {
  readonly server = new WebSocketServer(OPTIONS);

  constructor(
    private readonly connections: Connections,
    private readonly admission: UiAdmission,
    private readonly subscriptions: UiSubscriptions,
    private readonly inbound: UiInbound,
    upgrades: Upgrades,
  ) {
    upgrades.add(this);
  }

  owns(url: string): boolean {
    return url.split('?', 1)[0] === SOCKET;
  }

  /** Whether the token is good is seen when the page subscribes: of an answer that is not 101 a page learns nothing. */
  async admit(request: Request): Promise<PendingSocket> {
    if (request.url.includes('?')) {
      // Logs keep addresses, so no token may be in one.
      throw new Refusal('malformed', 'This address takes no query');
    }
    const opener = openerOf(request);
    if (opener.origin !== undefined && !(await this.admission.admitsPage(opener))) {
      throw forbidden('Origin not allowed');
    }
    const address = neighbourhoodOf(request.ip);
    return {
      open: (wire) => {
        if (this.connections.hasRoomFor(null, address)) {
          this.welcome(wire, opener, address);
        } else {
          wire.on('error', () => undefined);
          wire.close(CLOSE.overCapacity, 'Over capacity');
        }
      },
    };
  }

  private welcome(wire: WebSocket, opener: Opener, address: string): void {
    const socket = new UiSocket(opener, wire, ticks());
    this.inbound.await(socket);
    wire.on('message', (data, isBinary) => this.inbound.receive(socket, data as Buffer, isBinary));
    this.connections.add(socket, wire, address, () => {
      this.inbound.forget(socket);
      this.subscriptions.end(socket);
    });
  }
}

/** @throws Refusal 400 where it does not ask for our protocol */
function openerOf(request: Request): Opener {
  const { headers, ip } = request;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  if (!offered.includes(PROTOCOL)) {
    throw new Refusal('malformed', 'No protocol that is spoken here');
  }
  const token = offered.find((one) => one.startsWith(BEARER))?.slice(BEARER.length) ?? null;
  return { ip, token, origin: isFromUi(request) ? undefined : headers.origin };
}
