import { expect, it } from '@jest/globals';
import { parseSid } from '../../src/platform/common/ids/sid.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { SUBMIT_TOGETHER } from '../../src/delivery/deliveries/deliveries.sql.js';
import { accepted } from '../support/given.js';
import { miscounted, OUR_NUMBER } from '../support/phones.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const server = useServer();
const given = givenUsers(() => server);

const COUNT = 8;

it('Of messages that are claimed together those go that may, once, and the others are left as they were', async () => {
  const { owner, workspace } = await given.team();
  const uuid = parseId('client', workspace.id)!;
  const ask = async (path: string, body: unknown) =>
    accepted(await owner.send('POST', inWorkspace(workspace, path), body));
  await ask('/phone-numbers', { number: OUR_NUMBER });
  await sql(`INSERT INTO listeners (client_id, id) VALUES ($1, gen_random_uuid())`, uuid);
  const phones = Array.from({ length: COUNT }, (_, at) => `+1415555267${at}`);
  const ids: string[] = [];
  for (const to of phones) {
    ids.push(parseSid((await ask('/messages', { to, body: 'Hello' })).body.sid as string)!);
  }
  const [, deleted, expired, blank, called, taken] = ids;
  await ask('/opt-outs', { number: phones[0] });
  await sql(`UPDATE messages SET deleted_at = now() WHERE client_id = $1 AND id = $2`, uuid, deleted);
  await sql(
    `UPDATE deliveries SET expires_at = now() - interval '1 s' WHERE client_id = $1 AND id = $2`,
    uuid,
    expired,
  );
  await sql(`UPDATE deliveries SET to_text = NULL WHERE client_id = $1 AND id = $2`, uuid, blank);
  await sql(`UPDATE deliveries SET submitted_at = now() WHERE client_id = $1 AND id = $2`, uuid, called);
  await sql(`UPDATE delivery_jobs SET attempts = 1 WHERE client_id = $1`, uuid);
  await sql(`UPDATE delivery_jobs SET attempts = 2 WHERE client_id = $1 AND id = $2`, uuid, taken);
  const fine = ids.slice(6);
  const before = await sql(
    `SELECT * FROM deliveries WHERE client_id = $1 AND NOT id = ANY($2) ORDER BY id`,
    uuid,
    fine,
  );
  const submit = () =>
    sql<{ id: string; answer: string; body: string }>(
      SUBMIT_TOGETHER.text,
      uuid,
      ids,
      ids.map(() => 1),
    );

  const both = (await Promise.all([submit(), submit()])).flat();
  expect(both.map(({ id, answer, body }) => [id, answer, body]).sort()).toEqual(
    fine.map((id) => [id, 'go', 'Hello']).sort(),
  );
  expect(await submit()).toEqual([]);
  const others = await sql(
    `SELECT * FROM deliveries WHERE client_id = $1 AND NOT id = ANY($2) ORDER BY id`,
    uuid,
    fine,
  );
  expect(others).toEqual(before);
  const begun = await sql(
    `SELECT status, attempts, submitted_at IS NOT NULL AS submitted, split_part(provider, ':', 1) AS provider
     FROM deliveries WHERE client_id = $1 AND id = ANY($2)`,
    ...[uuid, fine],
  );
  expect(begun).toEqual(fine.map(() => ({ status: 'sending', attempts: 1, submitted: true, provider: 'simulator' })));
  expect(await miscounted({ uuid })).toEqual([]);
  const told = await sql(
    `SELECT data->>'id' AS id FROM events WHERE client_id = $1 AND type = 'delivery.updated' AND data->>'status' = 'sending'`,
    uuid,
  );
  expect(told.map(({ id }) => id).sort()).toEqual([...fine].sort());
});
