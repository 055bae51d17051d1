import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express, Request } from 'express';
import type { WebSocket, WebSocketServer } from 'ws';
import type { RefusalKind } from '../../platform/common/errors/error-codes.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { RateLimits } from '../../platform/common/rate-limit/rate-limits.js';
import { asksForWebSocket, handBack, refuseUpgrade, type RefusedStatus } from './upgrade-http.js';

/** A request that may become a socket. */
export interface PendingSocket {
  open(wire: WebSocket): void;
  /** It was no sound handshake after all. */
  abandon?(): void;
}

/** Who makes sockets of the requests to certain addresses. */
export interface SocketDialect {
  readonly server: WebSocketServer;
  owns(url: string): boolean;
  /** @throws Refusal where it does not even become a socket */
  admit(request: Request): Promise<PendingSocket>;
}

/** A "no" in HTTP, before there is a socket; any other is a 503. */
const STATUSES: Readonly<Partial<Record<RefusalKind, RefusedStatus>>> = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
};

/** Milliseconds to say whether a request becomes a socket: no clock of the HTTP server runs for it meanwhile. */
const DECISION_MS = 10_000;

/** Takes each request for a socket to the dialect whose address it names. */
@Injectable()
export class Upgrades implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Upgrades');
  private readonly dialects: SocketDialect[] = [];
  private isEnding = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly limits: RateLimits,
  ) {}

  add(dialect: SocketDialect): void {
    this.dialects.push(dialect);
  }

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server;
    http.on('upgrade', (request, stream, head) => void this.upgrade(http, request, stream, head));
  }

  /** Before the sockets that are open are closed: none may be added any more. */
  onModuleDestroy(): void {
    this.isEnding = true;
  }

  private async upgrade(http: Server, raw: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const dialect = this.dialects.find((one) => one.owns(raw.url ?? ''));
    if (!dialect || !asksForWebSocket(raw)) {
      handBack(http, raw, stream, head);
      return;
    }
    // What Express makes of every request: so its address is read in one way everywhere.
    const request = Object.setPrototypeOf(raw, this.host.httpAdapter.getInstance<Express>().request) as Request;
    // Until the socket is one; unheard, a reset would end the process.
    stream.on('error', ignore);
    const late = setTimeout(() => refuseUpgrade(stream, 503), DECISION_MS);
    try {
      await this.limits.takeSocket(request);
      const auth = this.isEnding ? null : await dialect.admit(request);
      if (!auth || this.isEnding || !stream.writable) {
        auth?.abandon?.();
        refuseUpgrade(stream, 503);
        return;
      }
      let isOpen = false;
      dialect.server.handleUpgrade(request, stream, head, (wire) => {
        isOpen = true;
        stream.off('error', ignore);
        auth.open(wire);
      });
      if (!isOpen) {
        auth.abandon?.();
      }
    } catch (error) {
      const { kind, details } = error instanceof Refusal ? error : { kind: 'unavailable' as const, details: {} };
      const status = STATUSES[kind] ?? 503;
      if (status === 503) {
        this.logger.warn(`A socket could not be opened: ${(error as Error).message}`);
      }
      refuseUpgrade(stream, status, details.retryAfter);
    } finally {
      clearTimeout(late);
    }
  }
}

function ignore(): void {}
