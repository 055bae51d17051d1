import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import express from 'express';
import { bornMessages } from './born-messages.js';

it('leaves Express nothing to change about a request and its answer', async () => {
  const app = express();
  app.get('/', (request, response) =>
    response.json({ ip: request.ip, same: request.app === app && response.app === app }),
  );
  const prototypes: object[] = [];
  const note = (...messages: [IncomingMessage, ServerResponse]): void => {
    prototypes.push(...messages.map((message) => Object.getPrototypeOf(message) as object));
  };
  const server = createServer(bornMessages(app), (...messages) => {
    note(...messages);
    app(...messages);
    note(...messages);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await answer.json()).toEqual({ ip: '127.0.0.1', same: true });
    const [request, response, requestAfter, responseAfter] = prototypes;
    expect(requestAfter).toBe(request);
    expect(responseAfter).toBe(response);
  } finally {
    server.close();
  }
});
