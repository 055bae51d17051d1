import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { RATING_PATH } from '../../engagement/ratings/ratings.service.js';

const PAGE = fileURLToPath(new URL('./page/', import.meta.url));

/** Where the links lead by which contacts say how it went. The page reads its path; to open it changes nothing. */
export function serveRating(app: NestExpressApplication): void {
  const http = app.getHttpAdapter().getInstance();
  const file = (name: string) => (_: Request, response: Response) =>
    response.sendFile(name, { root: PAGE, cacheControl: false });
  for (const name of ['rating.css', 'rating.js']) {
    http.get(`${RATING_PATH}/${name}`, file(name));
  }
  http.get(`${RATING_PATH}/:token`, file('index.html'));
}
