import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { ERRORS_PAGE } from '../../platform/common/errors/error-body.js';
import { protectPage } from '../../platform/common/http/page-headers.js';
import type { ServedDocument } from '../../platform/common/openapi/serve-documents.js';

/** A way in: its name for programs, where it is, and what a reader finds there. */
type Way = readonly [name: string, path: string, title: string, text: string];

const WAYS: readonly Way[] = [
  ['docs', '/docs', 'API reference', 'A quickstart, and every operation to read and to try.'],
  ['errors', ERRORS_PAGE, 'Errors', 'Every code with its cause and its cure.'],
  ['asyncapi', '/asyncapi.yaml', 'AsyncAPI document', 'What both sockets say and take, frame by frame.'],
  ['health', '/health/ready', 'Health', 'Whether this server can serve.'],
];
/** Written by hand, and so not of the build. It refers to `openapi.json` beside it. */
const ASYNCAPI = { root: 'docs', cacheControl: false };
const DEMO: Way = ['demo', '/demo', 'Demo', 'Two customers in one page, talking. Two numbers, texting.'];

/** `GET /`: the ways in, as a page for whoever opens it in a browser, and as an object for programs. */
export function serveHome(
  app: NestExpressApplication,
  documents: readonly ServedDocument[],
  showsDemo: (request: Request) => boolean,
): void {
  const always = [...WAYS, ...documents.map(wayTo)];
  const http = app.getHttpAdapter().getInstance();
  http.get('/', protectPage, (request: Request, response: Response) => {
    const ways = showsDemo(request) ? [...always, DEMO] : always;
    response.vary('Accept');
    if (request.accepts(['json', 'html']) === 'html') {
      response.type('html').end(pageOf(ways));
    } else {
      response.json({ name: 'Parlance', ...Object.fromEntries(ways.map(([name, path]) => [name, path])) });
    }
  });
  http.get('/asyncapi.yaml', (_: Request, response: Response) => response.sendFile('asyncapi.yaml', ASYNCAPI));
}

/** `/openapi-layer.json` is `openapi_layer` to programs. */
function wayTo({ name, url }: ServedDocument): Way {
  const key = url.replace(/^\/|\.json$/g, '').replaceAll('-', '_');
  return [key, url, `OpenAPI document: ${name}`, 'What clients are generated from.'];
}

function pageOf(ways: readonly Way[]): string {
  const entries = ways.map(([, path, title, text]) => `<li><a href="${path}">${title}</a><br>${text}</li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parlance</title>
<link rel="icon" href="data:,">
<style>
  body { max-width: 34rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color-scheme: light dark }
  ul { padding: 0; list-style: none }
  li { margin: 1rem 0 }
</style>
<h1>Parlance</h1>
<p>A self-hosted, multi-tenant messaging backend.</p>
<ul>
${entries.join('\n')}
</ul>
</html>
`;
}
