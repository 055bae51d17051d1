import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { MessagesService } from '../../src/messages/messages.service.js';
import type { NewNotification } from '../../src/messages/notification.entity.js';
import { given as givenOn, type Channel, type Customer, type TestClient } from './given.js';
import { apnsToken, apple, browser, google, type Provider } from './push-providers.js';
import { startServer, type TestServer } from './server.js';
import { sql } from './sql.js';
import { until } from './until.js';

/** A provider, and how a device of it comes to be; answers its token. */
export interface Kind {
  readonly provider: () => Provider;
  readonly register: (of: TestClient, customer: Customer) => Promise<string>;
}

export const uuid = ({ id }: Customer): string => parseId('customer', id)!;

async function register(of: TestClient, customer: Customer, body: { readonly token: string }): Promise<string> {
  const { status, text } = await of.send('POST', `/api/v1/customers/${customer.id}/devices`, body);
  expect({ status, text }).toMatchObject({ status: 201 });
  return body.token;
}

/** All the providers, and a server that sends to them. */
export class PushWorld {
  apns!: Awaited<ReturnType<typeof apple>>;
  fcm!: Awaited<ReturnType<typeof google>>;
  web!: Awaited<ReturnType<typeof browser>>;
  server!: TestServer;
  readonly given = givenOn(() => this.server);

  readonly kinds: Readonly<Record<'apns' | 'fcm' | 'webpush', Kind>> = {
    apns: {
      provider: () => this.apns,
      register: (of, customer) => {
        const token = apnsToken();
        return register(of, customer, { device_id: token.slice(0, 8), provider: 'apns', token } as { token: string });
      },
    },
    fcm: {
      provider: () => this.fcm,
      register: (of, customer) => {
        const token = `fcm:${randomUUID()}`;
        return register(of, customer, { device_id: token, provider: 'fcm', token } as { token: string });
      },
    },
    webpush: {
      provider: () => this.web,
      register: (of, customer) => {
        const { endpoint: token, keys } = this.web.subscribe();
        return register(of, customer, { device_id: token, provider: 'webpush', token, keys } as { token: string });
      },
    },
  };

  async start(role = 'all', more: Record<string, string> = {}): Promise<void> {
    [this.apns, this.fcm, this.web] = await Promise.all([apple(), google(), browser()]);
    this.server = await startServer({ ROLE: role, ...this.settings(), ...more });
  }

  settings(): Record<string, string> {
    return { ...this.apns.settings, ...this.fcm.settings };
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await Promise.all([this.apns.close(), this.fcm.close(), this.web.close()]);
  }

  /** A channel of John and Jane, who has one device. */
  async pair({ provider, register: add }: Kind) {
    const acme = await this.given.client();
    await provider().setUp(acme);
    const pair = await this.given.pair(acme);
    return { acme, ...pair, token: await add(acme, pair.jane) };
  }

  say(of: TestClient, channel: Channel, from: Customer, notification?: NewNotification) {
    const message = { channelId: parseId('channel', channel.id)!, senderId: uuid(from), type: 'text' as const };
    const tenant = { clientId: of.uuid, livemode: false };
    return this.server
      .get<MessagesService>('MessagesService')
      .send(tenant, { ...message, content: 'Hello', notification });
  }

  pending(of: TestClient) {
    return sql('SELECT * FROM pushes WHERE client_id = $1', of.uuid);
  }

  async devicesOf(of: TestClient, { id }: Customer): Promise<number> {
    return (await of.send('GET', `/api/v1/customers/${id}/devices`)).body.total_count as number;
  }

  /** Nothing of this client is on its way any more. */
  async quiet(of: TestClient): Promise<void> {
    await until(async () => {
      const notifications = await sql('SELECT FROM notifications WHERE client_id = $1', of.uuid);
      return notifications.length === 0 && (await this.pending(of)).length === 0;
    });
  }

  /** Seconds until the next attempt, as soon as it has been said how the one before went; a lease is of a minute. */
  async nextAttempt(of: TestClient): Promise<number> {
    const { seconds } = await until(async () => {
      const [row] = await sql<{ seconds: number; attempts: number }>(
        `SELECT extract(epoch FROM next_attempt_at - now())::float8 AS seconds, attempts FROM pushes
         WHERE client_id = $1`,
        of.uuid,
      );
      return row && row.attempts > 0 && (row.seconds < 45 || row.seconds > 61) ? row : null;
    });
    return seconds;
  }

  /** What waits is due. */
  async hurry(of: TestClient): Promise<void> {
    await sql('UPDATE pushes SET next_attempt_at = now() WHERE client_id = $1', of.uuid);
  }
}
