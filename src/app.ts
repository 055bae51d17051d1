import 'reflect-metadata';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { PUBLIC_URL } from './common/http/base-url.js';
import { JsonAdapter } from './common/http/json-adapter.js';
import { PAGES, protectPage } from './common/http/page-headers.js';
import { identify, onlyHealth, receive } from './common/http/receive.js';
import { buildDocument, serveDocuments } from './common/openapi/document.js';
import { LOG_LEVELS, type Config } from './config.js';
import { serveDemo } from './demo/demo.js';
import { buildLayerDocument } from './layer/http/layer-document.js';
import { layerEdge } from './layer/http/layer-edge.js';

/** The whole application, ready to listen; the start and the tests both come through here. */
export async function createApp(config: Config, databaseUrl: string): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.of(config, databaseUrl),
    new JsonAdapter(config.sockets.total),
    {
      bodyParser: false,
      logger: new ConsoleLogger({ json: config.production, logLevels: levelsUpTo(config.logLevel) }),
    },
  );
  app.set('trust proxy', config.trustProxy);
  app.set(PUBLIC_URL, config.publicUrl);
  app.use(identify);
  if (config.role !== 'worker') {
    app.use(layerEdge);
  }
  app.use(receive);
  if (config.role === 'worker') {
    app.use(onlyHealth);
  }
  app.use(PAGES, protectPage);
  serveDocuments(app, [
    { name: 'Parlance', url: '/openapi.json', document: buildDocument(app) },
    { name: 'Layer', url: '/openapi-layer.json', document: buildLayerDocument(app) },
  ]);
  if (!config.production) {
    serveDemo(app);
  }
  return app;
}

/** Everything at least as grave. Nest's own start-up chatter is "log", so the default starts silent. */
function levelsUpTo(level: Config['logLevel']): LogLevel[] {
  return ['fatal', ...LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1)];
}
