import type { INestApplication } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'express';

export interface ServedDocument {
  /** What readers choose it by. */
  readonly name: string;
  /** Where it is: `/openapi.json`. */
  readonly url: string;
  readonly document: OpenAPIObject;
}

/** Swagger UI of all of them at `/docs`, the first one first; each document itself where it says. */
export function serveDocuments(app: INestApplication, documents: readonly ServedDocument[]): void {
  SwaggerModule.setup('docs', app, documents[0]!.document, {
    raw: false,
    explorer: true,
    customSiteTitle: 'Parlance API',
    swaggerOptions: {
      persistAuthorization: false,
      displayRequestDuration: true,
      // Loaded by its address, as the others are.
      spec: {},
      urls: documents.map(({ name, url }) => ({ name, url })),
    },
  });
  for (const { url, document } of documents) {
    const text = JSON.stringify(document);
    app.getHttpAdapter().get(url, (_: unknown, response: Response) => response.type('json').end(text));
  }
}
