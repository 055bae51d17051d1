import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { Tenant } from '../../../src/platform/common/tenancy/tenant.js';
import type { Replicas } from '../../../src/platform/cluster/replicas.js';
import type { PresencesRepository } from '../../../src/dialects/pusher/presences.repository.js';
import { given as givenOn } from '../../support/given.js';
import { startServer, type TestServer } from '../../support/server.js';
import { beside, ownDatabase, somebodyWaits, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

let one: TestServer;
let other: TestServer;
beforeAll(async () => {
  await ownDatabase();
  [one, other] = [await startServer(), await startServer()];
  await Promise.all([one, other].map((each) => each.get<Replicas>('Replicas').registered));
});
afterAll(() => Promise.all([one.stop(), other.stop()]));
const given = givenOn(() => one);
const presencesAt = (at: TestServer) => at.get<PresencesRepository>('PresencesRepository');

/** A tenant with a channel of two. */
async function setting() {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const tenant: Tenant = { clientId: acme.uuid, livemode: false };
  const [johnId, janeId] = [parseId('customer', john.id)!, parseId('customer', jane.id)!];
  return { acme, tenant, channelId: parseId('channel', channel.id)!, johnId, janeId };
}

describe('Who is present', () => {
  it('is known to every process, once however many hold a socket of theirs', async () => {
    const { tenant, channelId, johnId, janeId } = await setting();
    for (const server of [one, one, other]) {
      expect(await presencesAt(server).join(tenant, channelId, johnId)).toBe(true);
    }
    await presencesAt(other).join(tenant, channelId, janeId);
    const both = [
      { customerId: johnId, name: 'John' },
      { customerId: janeId, name: 'Jane' },
    ];
    expect(await presencesAt(one).list(tenant, channelId)).toEqual(both);
    await presencesAt(one).leave(tenant, channelId, johnId);
    expect(await presencesAt(one).list(tenant, channelId)).toEqual(both);
    await presencesAt(other).leave(tenant, channelId, johnId);
    expect(await presencesAt(one).list(tenant, channelId)).toEqual(both.slice(1));
  });

  it('is a member, and is gone with the membership', async () => {
    const { acme, tenant, channelId, johnId } = await setting();
    const stranger = parseId('customer', (await given.customer(acme)).id)!;
    expect(await presencesAt(one).join(tenant, channelId, stranger)).toBe(false);
    expect(await presencesAt(one).list(tenant, channelId)).toEqual([]);
    await presencesAt(one).join(tenant, channelId, johnId);
    await sql('DELETE FROM channel_members WHERE client_id = $1 AND customer_id = $2', tenant.clientId, johnId);
    expect(await presencesAt(one).list(tenant, channelId)).toEqual([]);
  });

  it('is no member when the membership ends at the same moment', async () => {
    const { tenant, channelId, johnId } = await setting();
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query('DELETE FROM channel_members WHERE client_id = $1', [tenant.clientId]);
      const joining = presencesAt(one).join(tenant, channelId, johnId);
      await until(somebodyWaits);
      await connection.query('COMMIT');
      expect(await joining).toBe(false);
    });
  });

  it('is nobody of another client', async () => {
    const [acme, globex] = [await setting(), await setting()];
    expect(await presencesAt(one).join(globex.tenant, acme.channelId, acme.johnId)).toBe(false);
    await presencesAt(one).join(acme.tenant, acme.channelId, acme.johnId);
    expect(await presencesAt(one).list(globex.tenant, acme.channelId)).toEqual([]);
    await presencesAt(one).leave(globex.tenant, acme.channelId, acme.johnId);
    expect(await presencesAt(one).list(acme.tenant, acme.channelId)).toHaveLength(1);
  });

  it('is a member still while this process is taken for dead, but not present', async () => {
    const { tenant, channelId, johnId } = await setting();
    await sql('DELETE FROM replicas WHERE id = $1', one.get<Replicas>('Replicas').id);
    expect(await presencesAt(one).join(tenant, channelId, johnId)).toBe(true);
    expect(await presencesAt(one).list(tenant, channelId)).toEqual([]);
  });
});
