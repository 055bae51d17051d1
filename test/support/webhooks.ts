import type { components } from '../../client/schema.d.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { must, type TestClient } from './given.js';
import { sql } from './sql.js';
import { until } from './until.js';

type Schemas = components['schemas'];
export type Endpoint = Schemas['WebhookEndpointWithSecret'];
export type Delivery = Schemas['WebhookDelivery'];

/** Endpoints and deliveries, made and looked at through the API. */
export async function endpoint(
  of: TestClient,
  url: string,
  events: Endpoint['events'] = ['*'],
  more: { enabled?: boolean } = {},
): Promise<Endpoint> {
  return must(await of.api.POST('/api/v1/webhook_endpoints', { body: { url, events, ...more } }));
}

export async function look(of: TestClient, { id }: { readonly id: string }): Promise<Schemas['WebhookEndpoint']> {
  return must(await of.api.GET('/api/v1/webhook_endpoints/{id}', { params: { path: { id } } }));
}

/** Oldest first. */
export async function deliveries(of: TestClient, { id }: Endpoint): Promise<Delivery[]> {
  const params = { path: { id }, query: { limit: 100 } };
  return must(await of.api.GET('/api/v1/webhook_endpoints/{id}/deliveries', { params })).data.reverse();
}

/** Waits until the deliveries of an endpoint are as they should be. */
export function deliveriesOnce(of: TestClient, to: Endpoint, ready: (all: Delivery[]) => boolean): Promise<Delivery[]> {
  return until(async () => {
    const all = await deliveries(of, to);
    return ready(all) ? all : null;
  }, 25);
}

/** Makes what waits for another attempt due, so that no test has to wait for the clock. */
export async function hurry({ id }: Endpoint): Promise<void> {
  const uuid = parseId('webhook_endpoint', id);
  await sql('UPDATE webhook_endpoints SET paused_until = NULL WHERE id = $1', uuid);
  await sql(
    `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE endpoint_id = $1 AND status = 'pending'`,
    uuid,
  );
}
