import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Config } from '../../config.js';
import { CannotStart } from '../../platform/common/cannot-start.js';
import { COUNTS } from '../../platform/common/metrics.js';
import { Gauges } from './gauges.js';

/** Answers `GET /metrics` where METRICS_PORT says: apart from the API, so that whoever reaches one need not reach the other. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly all: Registry;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  constructor(
    @Inject(Config) private readonly config: Pick<Config, 'host' | 'metricsPort'>,
    gauges: Gauges,
  ) {
    this.all = Registry.merge([COUNTS, gauges.registry]);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { host, metricsPort: port } = this.config;
    try {
      await once(this.server.listen({ port, host }), 'listening');
    } catch (error) {
      throw new CannotStart(`METRICS_PORT can't be listened on: ${(error as Error).message}.`);
    }
  }

  /** To the end, so that a shutdown can be watched. */
  onApplicationShutdown(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const isKnown = url?.split('?')[0] === '/metrics';
    if (!isKnown || method !== 'GET') {
      response.writeHead(isKnown ? 405 : 404, isKnown ? { Allow: 'GET' } : {}).end();
      return;
    }
    response.setHeader('Content-Type', this.all.contentType);
    response.end(await this.all.metrics());
  }
}
