import type { AddressesService } from '../../src/delivery/addresses/addresses.service.js';
import type { NumberCheckService } from '../../src/delivery/addresses/number-check.service.js';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted, given as givenOn, type Customer, type TestClient } from './given.js';
import type { TestServer } from './server.js';
import { sql } from './sql.js';

/** A number that sends everything. */
export const OUR_NUMBER = '+15005550006';

export interface Delivery extends Record<string, unknown> {
  readonly id: string;
  readonly direction: string;
  readonly status: string;
  readonly error_code: string | null;
  readonly attempts: number;
  readonly from_text: string | null;
  readonly to_text: string | null;
}

/** What tests of deliveries start from, on a server of their own that works on them. */
export function phonesOn(server: () => TestServer) {
  const given = givenOn(server);

  /** The customer that is a number of the client. */
  const address = async (of: TestClient, number = OUR_NUMBER): Promise<{ readonly id: string }> => {
    const checked = await server().get<NumberCheckService>('NumberCheckService').check(tenantOf(of), number);
    const { id } = await server().get<AddressesService>('AddressesService').add(tenantOf(of), checked, null);
    return { id: formatId('customer', id) };
  };

  const person = async (of: TestClient, phone: string): Promise<Customer> =>
    accepted(await of.send('POST', '/api/v1/customers', { name: 'Jane', phone })).body as Customer;

  /** The channel of a number of the client and a phone. */
  const thread = async (of: TestClient, phone: string, number = OUR_NUMBER) => {
    const [from, to] = [await address(of, number), await person(of, phone)];
    const body = { type: 'general', customer_uuids: [from.id, to.id] };
    const channel = accepted(await of.send('POST', '/api/v1/channels', body)).body as { readonly id: string };
    const say = async (content: string, more: object = {}): Promise<string> => {
      const message = { channel_uuid: channel.id, sender_uuid: from.id, type: 'text', content, ...more };
      return parseId('message', accepted(await of.send('POST', '/api/v1/messages', message)).body.id as string)!;
    };
    return { from, to, channel, say };
  };

  return { ...given, address, person, thread };
}

export const tenantOf = ({ uuid }: TestClient) => ({ clientId: uuid, livemode: false });

export async function deliveriesOf({ uuid }: TestClient): Promise<Delivery[]> {
  return sql<Delivery>(`SELECT * FROM deliveries WHERE client_id = $1 ORDER BY created_at, id`, uuid);
}

/** Holds that the counts of deliveries are those of the rows, by day, number, direction and status, and so are the threads'. */
export async function miscounted({ uuid }: Pick<TestClient, 'uuid'>): Promise<unknown[]> {
  return sql(
    `WITH counted AS (
       SELECT day, address_id, direction, status, currency, sum(n)::int AS n, sum(segments)::int AS segments,
              sum(price) AS price
       FROM delivery_counts WHERE client_id = $1 GROUP BY 1, 2, 3, 4, 5
       HAVING sum(n) <> 0 OR sum(segments) <> 0 OR sum(price) <> 0
     ), there AS (
       SELECT (created_at AT TIME ZONE 'UTC')::date AS day, address_id, direction, status,
              coalesce(currency, '') AS currency, count(*)::int AS n, sum(coalesce(segments, 0))::int AS segments, sum(coalesce(price, 0)) AS price
       FROM deliveries WHERE client_id = $1 GROUP BY 1, 2, 3, 4, 5
     )
     SELECT * FROM counted FULL JOIN there USING (day, address_id, direction, status, currency)
     WHERE counted.n IS DISTINCT FROM there.n OR counted.segments IS DISTINCT FROM there.segments
       OR counted.price IS DISTINCT FROM there.price
     UNION ALL
     SELECT NULL, customer_id, NULL, NULL, NULL, thread_count, archived_count, NULL, threads::int, archived::int, NULL
     FROM addresses
     CROSS JOIN LATERAL (
       SELECT count(*) AS threads, count(*) FILTER (WHERE archived) AS archived FROM conversations
       WHERE conversations.client_id = $1 AND conversations.address_id = addresses.customer_id
         AND NOT conversations.is_abandoned
     ) of
     WHERE client_id = $1 AND (thread_count, archived_count) <> (threads, archived)
     UNION ALL
     SELECT month, address_id, direction, status, NULL, months.n, folded.n, NULL, NULL, NULL, NULL
     FROM (SELECT month, address_id, direction, status, n FROM delivery_months WHERE client_id = $1 AND n <> 0) months
     FULL JOIN (
       SELECT date_trunc('month', day::timestamp)::date AS month, address_id, direction, status, sum(n) AS n
       FROM delivery_counts WHERE client_id = $1 AND shard < 0 GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
     ) folded USING (month, address_id, direction, status)
     WHERE months.n IS DISTINCT FROM folded.n`,
    uuid,
  );
}
