import { fileURLToPath } from 'node:url';
import type { INestApplication } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'express';

const AUTHORIZE_SCRIPT = '/docs/authorize.js';

export interface ServedDocument {
  /** What readers choose it by. */
  readonly name: string;
  /** Where it is: `/openapi.json`. */
  readonly url: string;
  readonly document: OpenAPIObject;
}

export interface DocumentsOptions {
  /** Whether the browser may keep the keys that are filled in: never those of a server that is no one's plaything. */
  readonly keepsKeys: boolean;
  /** The addresses of further scripts of the page. */
  readonly scripts: readonly string[];
}

/** Swagger UI of all of them at `/docs`, the first one first; each document itself where it says. */
export function serveDocuments(
  app: INestApplication,
  documents: readonly ServedDocument[],
  { keepsKeys, scripts }: DocumentsOptions,
): void {
  const http = app.getHttpAdapter();
  const script = fileURLToPath(new URL('./page/authorize.js', import.meta.url));
  http.get(AUTHORIZE_SCRIPT, (_: unknown, response: Response) => response.sendFile(script, { cacheControl: false }));
  SwaggerModule.setup('docs', app, documents[0]!.document, {
    raw: false,
    explorer: true,
    customSiteTitle: 'Parlance API',
    customJs: [AUTHORIZE_SCRIPT, ...scripts],
    swaggerOptions: {
      persistAuthorization: keepsKeys,
      displayRequestDuration: true,
      // Loaded by its address, as the others are.
      spec: {},
      urls: documents.map(({ name, url }) => ({ name, url })),
    },
  });
  for (const { url, document } of documents) {
    const text = JSON.stringify(document);
    http.get(url, (_: unknown, response: Response) => response.type('json').end(text));
  }
}
