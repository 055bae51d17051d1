import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

const PAGE = fileURLToPath(new URL('./page/', import.meta.url));
/** What `widget.js` asks for. */
const PARTS = ['api.js', 'chat.js', 'memory.js', 'socket.js', 'style.js', 'texts.js', 'view.js'];
/** Seconds: pages of a client load it with each view, and an update of the server is to be seen soon. */
const MAX_AGE_SECONDS = 300;

/** `GET /widget.js`: what a client's page loads to let its visitors chat. As modules, which browsers load from elsewhere by CORS. */
export function serveWidget(app: NestExpressApplication): void {
  const http = app.getHttpAdapter().getInstance();
  const file = (name: string) => (_: Request, response: Response, next: NextFunction) => {
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}`,
    });
    response.sendFile(name, { root: PAGE, cacheControl: false }, next);
  };
  http.get('/widget.js', file('widget.js'));
  for (const name of PARTS) {
    http.get(`/widget/${name}`, file(`widget/${name}`));
  }
}
