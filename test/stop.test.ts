import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { given as givenOn } from './support/given.js';
import { open, wire } from './support/raw-http.js';
import { startServer } from './support/server.js';
import { beside, somebodyWaits } from './support/sql.js';
import { until } from './support/until.js';

describe('A server that stops', () => {
  it('finishes what is under way, and waits for no connection that is kept alive afterwards', async () => {
    const server = await startServer();
    const given = givenOn(() => server);
    const acme = await given.client();
    const { id } = await given.customer(acme);
    const socket = await open(server.port);
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const ended = once(socket, 'close');
    const body = JSON.stringify({ name: 'Jane' });
    const headers = Object.entries({ ...acme.headers, 'content-type': 'application/json' });
    const stopped = await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query('SELECT FROM customers WHERE client_id = $1 FOR UPDATE', [acme.uuid]);
      socket.write(wire('PATCH', `/api/v1/customers/${id}`, headers, body));
      await until(somebodyWaits);
      // The HTTP server is told to close while the request waits for the row.
      const stopping = server.stop();
      await until(() => !server.app.getHttpServer().listening);
      await connection.query('ROLLBACK');
      return { stopping };
    });
    await stopped.stopping;
    await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*"name":"Jane"/);
  });
});
