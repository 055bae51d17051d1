import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { localhostCertificate } from '../support/certificate.js';
import { accepted, type Reply } from '../support/given.js';
import { startProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { givenSmpp, SMPP_ACCOUNT } from '../support/smpp.js';
import { smsc } from '../support/smsc.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace } from '../support/users.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));

let network: Awaited<ReturnType<typeof smsc>>;
beforeEach(async () => {
  network = await smsc();
});
afterEach(() => network.close());
const { asked, bound } = givenSmpp(
  () => server,
  () => network,
);

describe('The bind of an SMPP server', () => {
  it('has one bind, whichever process has it, and the others leave it its messages', async () => {
    const { say, reaching, uuid } = await bound();
    const other = await startServer({ ROLE: 'worker' });
    try {
      const sids = await Promise.all(Array.from({ length: 10 }, (_, at) => say(`m${at}`)));
      await Promise.all(sids.map((sid) => reaching(sid, 'sent')));
      expect(network.binds).toHaveLength(1);
      const attempts = await sql<{ attempts: number }>(`SELECT attempts FROM deliveries WHERE client_id = $1`, uuid);
      expect(new Set(attempts.map((one) => one.attempts))).toEqual(new Set([1]));
    } finally {
      await other.stop();
    }
  });

  it('is bound by another process when the one that was has died, and its messages wait for that', async () => {
    const { say, reaching, uuid } = await bound();
    const [dead] = await sql<{ id: string }>(
      `INSERT INTO replicas (id, seen_at) VALUES (gen_random_uuid(), now() + interval '1 hour') RETURNING id`,
    );
    await sql(`UPDATE messaging_providers SET bound_by = $2 WHERE client_id = $1 AND active`, uuid, dead!.id);
    await until(() => network.binds.length === 0 || null);
    const sid = await say('patience');
    const held = await sql(`SELECT id FROM messaging_providers WHERE client_id = $1 AND bound_by = $2`, uuid, dead!.id);
    expect([held.length, network.submits.length]).toEqual([1, 0]);
    await sql(`UPDATE replicas SET seen_at = now() - interval '1 hour' WHERE id = $1`, dead!.id);
    await network.bound();
    expect(await reaching(sid, 'sent')).toMatchObject({ attempts: 1 });
  });

  it('is spoken to by TLS where it has a certificate that is believed', async () => {
    const secure = await smsc(localhostCertificate);
    const authority = join(tmpdir(), `parlance-ca-${process.pid}.pem`);
    writeFileSync(authority, localhostCertificate.cert);
    const settings = { ...SMPP_ACCOUNT, port: secure.port, tls: true };
    const { ask } = await asked();
    expect((await ask('PUT', '/provider', settings)).status).toBe(503);
    expect(secure.binds).toEqual([]);
    const others = (await sql<{ id: string }>(`SELECT id FROM replicas`)).map(({ id }) => id);
    const believer = await startProcess({
      ...{ ...SETTINGS, ROLE: 'all', DATABASE_URL: process.env.TEST_DATABASE_URL!, NODE_EXTRA_CA_CERTS: authority },
    });
    try {
      const { owner, workspace } = await givenUsers(() => believer).team();
      const put = (more: object): Promise<Reply> =>
        owner.send('PUT', inWorkspace(workspace, '/provider'), { ...settings, ...more });
      accepted(await put({}));
      await sql(
        `UPDATE messaging_providers SET bound_by = (SELECT id FROM replicas WHERE NOT id = ANY($2) LIMIT 1) WHERE client_id = $1`,
        ...[parseId('client', workspace.id), others],
      );
      await secure.bound();
      // It answers by TLS alone, and is believed under its own name alone.
      expect((await put({ tls: false })).status).toBe(503);
      expect((await put({ host: '127.0.0.2' })).status).toBe(503);
    } finally {
      expect(await believer.end('SIGTERM')).toBe(0);
      rmSync(authority);
      await secure.close();
    }
  });
});
