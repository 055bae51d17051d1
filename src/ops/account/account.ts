import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';

const PAGE = fileURLToPath(new URL('./page/', import.meta.url));

/**
 * Where mailed links and providers of sign-ins lead, unless a proxy puts pages of your own in their place. Mailed links have one
 * page, which reads its path.
 */
export function serveAccount(app: NestExpressApplication): void {
  const http = app.getHttpAdapter().getInstance();
  const file = (name: string) => (_: Request, response: Response) =>
    response.sendFile(name, { root: PAGE, cacheControl: false });
  http.get('/verify-email', file('index.html'));
  http.get('/reset-password', file('index.html'));
  http.get('/invitation', file('index.html'));
  http.get('/signed-in', file('signed-in.html'));
  for (const name of ['account.css', 'account.js', 'signed-in.js']) {
    http.get(`/account/${name}`, file(name));
  }
}
