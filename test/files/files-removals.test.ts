import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { newFile, seen, startFileServer, type File } from '../support/files.js';
import { given as givenOn, type TestClient } from '../support/given.js';
import { startObjectStore, type ObjectStore } from '../support/s3.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

let store: ObjectStore;
let server: Awaited<ReturnType<typeof startFileServer>>;
let acme: TestClient;
beforeAll(async () => {
  await ownDatabase();
  store = await startObjectStore();
  server = await startFileServer(store.env);
  acme = await given.client();
});
afterAll(async () => {
  await server.stop();
  store.stop();
});
afterEach(() => {
  store.outage = null;
});
const given = givenOn(() => server);

const pathOf = (file: File): string => new URL(file.upload_url!).pathname;
const upload = async (file: File): Promise<void> => {
  expect((await fetch(file.upload_url!, { method: 'PUT', body: 'hello' })).status).toBe(200);
};
const removalOf = async ({ id }: File): Promise<{ later: boolean } | undefined> =>
  (
    await sql<{ later: boolean }>(
      `SELECT next_attempt_at > now() + interval '2 minutes' AS later FROM file_removals WHERE file_id = $1`,
      parseId('file', id),
    )
  )[0];

/** Sends a file and takes the message back. */
async function takenBack(): Promise<File> {
  const file = await newFile(acme, { size: 5 });
  await upload(file);
  await seen(acme, file);
  const { john, channel } = await given.pair(acme);
  const parts = [{ mime_type: 'text/plain', file_uuid: file.id }];
  const body = { channel_uuid: channel.id, sender_uuid: john.id, parts };
  const { status, body: message } = await acme.send('POST', '/api/v1/messages', body);
  expect(status).toBe(201);
  const path = `/api/v1/messages/${message.id}?mode=all_participants`;
  expect((await acme.send('DELETE', path)).status).toBe(204);
  return file;
}

it('The bytes of a file follow it, those too that an upload URL brings which was given before', async () => {
  const file = await takenBack();
  await until(() => !store.objects.has(pathOf(file)));
  await until(async () => (await removalOf(file))?.later);
  await upload(file);
  expect(store.objects.has(pathOf(file))).toBe(true);
  const inADay = `UPDATE file_removals SET until = now(), next_attempt_at = now() WHERE file_id = $1`;
  await sql(inADay, parseId('file', file.id));
  await until(async () => (await removalOf(file)) === undefined);
  expect(store.objects.has(pathOf(file))).toBe(false);
});

it('The bytes of a file follow it once the store is back', async () => {
  server.app.useLogger(false);
  const file = await newFile(acme, { size: 5 });
  await upload(file);
  store.outage = 503;
  await sql('UPDATE files SET expires_at = now() WHERE id = $1', parseId('file', file.id));
  const attempted = `SELECT FROM file_removals WHERE file_id = $1 AND next_attempt_at > now()`;
  await until(async () => (await sql(attempted, parseId('file', file.id))).length === 1);
  const again = `UPDATE file_removals SET next_attempt_at = now() WHERE file_id = $1`;
  await sql(again, parseId('file', file.id));
  await until(async () => (await sql(attempted, parseId('file', file.id))).length === 1);
  expect(store.objects.has(pathOf(file))).toBe(true);
  store.outage = null;
  await sql(again, parseId('file', file.id));
  await until(() => !store.objects.has(pathOf(file)));
  await until(async () => (await removalOf(file))?.later);
});
