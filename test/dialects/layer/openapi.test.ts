import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { call } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { document, layerDocument, layerOperations } from '../../support/truth.js';

const server = useServer();

const committed: unknown = JSON.parse(
  readFileSync(new URL('../../../docs/openapi-layer.json', import.meta.url), 'utf8'),
);
const each = layerOperations.map((one) => [one.operation.operationId, one] as const);

describe('The document of the Layer dialect', () => {
  it('is the one that the application builds now', async () => {
    expect((await call(`${server.url}/openapi-layer.json`, 'GET')).body).toEqual(committed);
  });

  it('is about nothing else, and the core’s not about it', () => {
    expect(Object.keys(layerDocument.paths).filter((path) => !/^\/layer(\/|$)/.test(path))).toEqual([]);
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/layer'))).toEqual([]);
  });

  it('is offered at /docs, beside the core’s', async () => {
    const script = await (await fetch(`${server.url}/docs/swagger-ui-init.js`)).text();
    expect(script).toContain('"url": "/openapi.json"');
    expect(script).toContain('"url": "/openapi-layer.json"');
    expect(script).toContain('"name": "Layer"');
  });

  it.each(each)('says of %s what it takes and how it fails', (_, { path, operation }) => {
    const { summary, tags, parameters = [] } = operation as typeof operation & { summary: string; tags: string[] };
    expect(summary).toMatch(/^[A-Z][\w ]+$/);
    expect(tags).toHaveLength(1);
    const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
    expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
    const needsSession = operation.security!.some((one) => 'layer_session' in one);
    const statuses = [
      ...['400', '500', ...(path === '/layer/ping' ? [] : ['406', '429', '503'])],
      ...(needsSession ? ['401', '403'] : []),
    ];
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(statuses));
    for (const [status, answer] of Object.entries(operation.responses)) {
      const name = answer.$ref?.split('/').at(-1);
      const { headers } = name === undefined ? answer : layerDocument.components.responses[name]!;
      expect(Object.keys(headers ?? {})).toContain('X-Request-Id');
      expect([status, name !== undefined]).toEqual([status, !status.startsWith('2')]);
    }
  });
});
