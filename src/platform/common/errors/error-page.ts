import type { INestApplication } from '@nestjs/common';
import type { Response } from 'express';
import { ERRORS_PAGE } from './error-body.js';
import { ERROR_CODES, STATUSES, type ErrorCode } from './error-codes.js';

/** Texts of both forms: backticks mean code, and nothing else is marked up. */
const INTRODUCTION = [
  'Every error is a JSON object with a `code` for programs, `error` for people, the `request_id` that the server’s log knows it by, and a `doc_url` that leads to the entry of its code below. The texts may change, the codes do not.',
  'Where fields are wrong (422), `message` stands in the place of `error`, and `errors` names each field (nested ones joined by dots) with what is wrong with it. Where an object is in the way (409), `data` may show it.',
  'A `doc_url` begins with the server’s `PUBLIC_URL`, or else with the address that the request was sent to. Every server answers it itself.',
];
const EXAMPLE = JSON.stringify(
  {
    error: 'Customer not found',
    code: 'not_found',
    doc_url: `https://example.com${ERRORS_PAGE}#not_found`,
    request_id: 'req_01890a5d-ac96-774b-bcce-b302099a8057',
  },
  null,
  2,
);
const ELSEWHERE =
  'Layer’s dialect has [errors of its own](layer.md#errors), and so have [sockets](real-time.md) that speak Pusher’s protocol.';

const ENTRIES = Object.entries(ERROR_CODES).map(([code, { kind, cause, cure }]) => ({
  code: code as ErrorCode,
  status: STATUSES[kind],
  cause,
  cure,
}));

/** docs/errors.md */
export function errorsMarkdown(): string {
  const entries = ENTRIES.map(
    ({ code, status, cause, cure }) =>
      `## ${code}\n\n- **Status:** ${status}\n- **Cause:** ${cause}\n- **Cure:** ${cure}`,
  );
  const example = `\`\`\`json\n${EXAMPLE}\n\`\`\``;
  return `${['# Errors', ...INTRODUCTION, example, ELSEWHERE, ...entries].join('\n\n')}\n`;
}

/** The same as a page, where every `doc_url` leads. */
export function serveErrorsPage(app: INestApplication): void {
  const page = errorsHtml();
  app.getHttpAdapter().get(ERRORS_PAGE, (_: unknown, response: Response) => response.type('html').end(page));
}

function errorsHtml(): string {
  const entries = ENTRIES.map(
    ({ code, status, cause, cure }) =>
      `<section id="${code}"><h2><a href="#${code}">${code}</a> <small>${status}</small></h2>` +
      `<p><b>Cause:</b> ${html(cause)}</p><p><b>Cure:</b> ${html(cure)}</p></section>`,
  );
  const introduction = INTRODUCTION.map((text) => `<p>${html(text)}</p>`).join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Errors of the Parlance API</title>
<style>
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color-scheme: light dark }
  section { padding: 0 1rem; border-left: 4px solid transparent }
  section:target { border-color: #49cc90 }
  h2 a { color: inherit; font-family: monospace }
  small { font-weight: normal; opacity: 0.7 }
  pre { overflow: auto }
</style>
<p><a href="/docs">API reference</a></p>
<h1>Errors</h1>
${introduction}
<pre>${html(EXAMPLE)}</pre>
${entries.join('\n')}
</html>
`;
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}
