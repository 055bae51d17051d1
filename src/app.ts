import 'reflect-metadata';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { documentsOf } from './app.documents.js';
import { AppModule } from './app.module.js';
import type { Dialect } from './dialects/dialect.js';
import { DIALECTS } from './dialects/index.js';
import { JsonLogger } from './platform/common/json-logger.js';
import { serveErrorsPage } from './platform/common/errors/error-page.js';
import { countRequests } from './platform/common/http/count-requests.js';
import { logAccess } from './platform/common/http/access-log.js';
import { PUBLIC_URL } from './platform/common/http/base-url.js';
import { JsonAdapter } from './platform/common/http/json-adapter.js';
import { PAGES, protectPage } from './platform/common/http/page-headers.js';
import { assignRequestId, onlyHealth, parseBody } from './platform/common/http/receive.js';
import { UI_ORIGINS } from './platform/common/http/ui-origin.js';
import { serveDocuments } from './platform/common/openapi/serve-documents.js';
import { LOG_LEVELS, type Config } from './config.js';
import { serveAccount } from './ops/account/account.js';
import { isDevelopment } from './ops/demo/demo-keys.js';
import { PREFILL_SCRIPT, serveDemo, showsDemo } from './ops/demo/demo.js';
import { serveRating } from './ops/rating/rating.js';
import { serveWidget } from './ops/widget/widget.js';
import { serveHome } from './ops/home/home.js';

/** The whole application, ready to listen; the start and the tests both come through here. */
export async function createApp(
  config: Config,
  databaseUrl: string,
  dialects: readonly Dialect[] = DIALECTS,
): Promise<NestExpressApplication> {
  const logLevels = levelsUpTo(config.logLevel);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.of(config, databaseUrl, config.role === 'worker' ? [] : dialects),
    new JsonAdapter(config.sockets.total),
    {
      bodyParser: false,
      logger: config.production
        ? new JsonLogger(config.logLevel)
        : new ConsoleLogger({ logLevels, colors: Boolean(process.stdout.isTTY) }),
    },
  );
  app.set('trust proxy', config.trustProxy);
  app.set(PUBLIC_URL, config.publicUrl);
  app.set(UI_ORIGINS, config.uiOrigins);
  if (config.metricsPort > 0) {
    app.use(countRequests);
  }
  if (logLevels.includes('log')) {
    app.use(logAccess);
  }
  app.use(assignRequestId);
  if (config.role !== 'worker') {
    dialects.forEach(({ edge }) => edge && app.use(edge));
  }
  app.use(parseBody);
  app.use(PAGES, protectPage);
  serveErrorsPage(app);
  if (config.role === 'worker') {
    app.use(onlyHealth);
    return app;
  }
  const documents = documentsOf(app, dialects);
  const hasDemoKeys = config.demo !== 'off' && isDevelopment(config);
  serveAccount(app);
  serveRating(app);
  serveWidget(app);
  serveHome(app, documents, (request) => showsDemo(config, request));
  serveDocuments(app, documents, { keepsKeys: hasDemoKeys, scripts: hasDemoKeys ? [PREFILL_SCRIPT] : [] });
  if (config.demo !== 'off') {
    serveDemo(app, config);
  }
  return app;
}

/** Everything at least as grave. Nest calls "log" what is info, its own start-up chatter too, so the default starts silent. */
function levelsUpTo(level: Config['logLevel']): LogLevel[] {
  const levels = LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1);
  return ['fatal', ...levels.map((one) => (one === 'info' ? 'log' : one))];
}
