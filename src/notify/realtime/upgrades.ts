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

/** A request that has passed all checks and may become a socket. */
export interface PendingSocket {
  open(wire: WebSocket): void;
  /** The handshake failed. */
  abandon?(): void;
}

/** A protocol that sockets speak. */
export interface SocketDialect {
  readonly server: WebSocketServer;
  owns(url: string): boolean;
  /** @throws Refusal which is answered in HTTP */
  admit(request: Request): Promise<PendingSocket>;
}

/** Any other kind is a 503. */
const STATUSES: Readonly<Partial<Record<RefusalKind, RefusedStatus>>> = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
};

/** The HTTP server's own time-outs no longer apply to a request that asks for an upgrade. */
const ADMISSION_TIMEOUT_MS = 10_000;

/** Hands each request for a socket to the protocol whose address it names. */
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
    // With Express's prototype, so that `ip` and `host` are read as everywhere else.
    const request = Object.setPrototypeOf(raw, this.host.httpAdapter.getInstance<Express>().request) as Request;
    // Without a listener, a reset before the handshake is over would end the process.
    stream.on('error', ignore);
    const late = setTimeout(() => refuseUpgrade(stream, 503), ADMISSION_TIMEOUT_MS);
    try {
      await this.limits.takeSocket(request);
      const pending = this.isEnding ? null : await dialect.admit(request);
      if (!pending || this.isEnding || !stream.writable) {
        pending?.abandon?.();
        refuseUpgrade(stream, 503);
        return;
      }
      let isOpen = false;
      dialect.server.handleUpgrade(request, stream, head, (wire) => {
        isOpen = true;
        stream.off('error', ignore);
        pending.open(wire);
      });
      if (!isOpen) {
        pending.abandon?.();
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
