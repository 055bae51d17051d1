import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeOwner } from './user.mjs';

const ANSWER_MILLIS = 50;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** A provider that takes every message, fifty milliseconds after it was asked. */
export class Gateway {
  /** When each message came, by its id. */
  calls = new Map();
  doubled = 0;
  secret = SECRET;
  #server = http.createServer((request, response) => void this.#take(request, response));

  async open() {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}/`;
    return this;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Makes it the provider of a test client, and of its numbers. @returns the id of the provider */
  async serve(world, { id, clientId }) {
    const { base } = world.server;
    const response = await fetch(`${base}/api/ui/workspaces/${id}/provider`, {
      method: 'PUT',
      headers: { ...(await makeOwner(world.session, clientId)), 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'http', url: this.url, secret: SECRET }),
    });
    if (!response.ok) {
      throw new Error(`The provider: ${response.status} ${await response.text()}`);
    }
    const active = 'SELECT id FROM messaging_providers WHERE client_id = $1 AND active';
    await world.session.query(`UPDATE addresses SET provider_id = (${active}) WHERE client_id = $1`, [clientId]);
    return (await world.session.query(active, [clientId])).rows[0].id;
  }

  async #take(request, response) {
    let text = '';
    for await (const part of request.setEncoding('utf8')) {
      text += part;
    }
    const { sid } = JSON.parse(text).data;
    this.doubled += this.calls.has(sid) ? 1 : 0;
    this.calls.set(sid, performance.now());
    await sleep(ANSWER_MILLIS);
    response.end(JSON.stringify({ id: sid }));
  }
}
