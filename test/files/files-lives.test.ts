import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { ChannelDeletionsService } from '../../src/messages/deletion/channel-deletions.service.js';
import { expectExactRows } from '../support/exact.js';
import { newFile, onDisk, put, startFileServer, uploaded, type File } from '../support/files.js';
import {
  call,
  given as givenOn,
  type Channel,
  type Customer,
  type Message,
  type TestClient,
} from '../support/given.js';
import { atOnce } from '../support/races.js';
import { expectMissing } from '../support/refused.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

// Of its own: servers of other tests, whose disks are others, would remove what is to be removed here.
let server: Awaited<ReturnType<typeof startFileServer>>;
beforeAll(async () => {
  await ownDatabase();
  server = await startFileServer();
});
afterAll(() => server.stop());
const given = givenOn(() => server);

let acme: TestClient;
let john: Customer;
let jane: Customer;
let channel: Channel;
beforeEach(async () => {
  acme = await given.client();
  ({ john, jane, channel } = await given.pair(acme));
});

async function sent(files: readonly File[], to = channel, from = john): Promise<Message> {
  const parts = files.map(({ id }) => ({ mime_type: 'text/plain', file_uuid: id }));
  const body = { channel_uuid: to.id, sender_uuid: from.id, parts };
  const { status, body: message } = await acme.send('POST', '/api/v1/messages', body);
  expect(status).toBe(201);
  return message;
}

const deleted = async (path: string): Promise<void> => {
  expect((await acme.send('DELETE', path)).status).toBe(204);
};
const takenBack = ({ id }: Message): Promise<void> => deleted(`/api/v1/messages/${id}?mode=all_participants`);
const deletedForAll = ({ id }: Channel): Promise<void> =>
  server
    .get<ChannelDeletionsService>('ChannelDeletionsService')
    .deleteForAll({ clientId: acme.uuid, livemode: false }, parseId('channel', id)!);
const uuidOf = ({ id }: File): string => parseId('file', id)!;
const areBytesThere = (file: File): boolean => onDisk(server).includes(uuidOf(file));
const statusFor = async (who: Customer, { id }: File): Promise<number> =>
  (await (await given.session(acme, who)).send('GET', `/api/v1/files/${id}`)).status;
const used = async (): Promise<number> =>
  (await sql<{ bytes: number }>('SELECT bytes::int FROM storage_uses WHERE client_id = $1', acme.uuid))[0]!.bytes;

async function expectGone(file: File): Promise<void> {
  expectMissing(await acme.send('GET', `/api/v1/files/${file.id}`), 'File not found');
  expect((await call(file.download_url!, 'GET')).status).toBe(404);
  await until(() => !areBytesThere(file));
  await expectExactRows(acme.uuid);
}

async function expectThere(file: File, content: string): Promise<void> {
  const response = await fetch(file.download_url!);
  expect([response.status, await response.text()]).toEqual([200, content]);
  await expectExactRows(acme.uuid);
}

describe('A file goes', () => {
  it('with the message that holds it, for everybody and from the disk', async () => {
    const [file, other] = [await uploaded(acme, 'secret'), await uploaded(acme, 'other')];
    const message = await sent([file, file]);
    await sent([other]);
    expect(await statusFor(jane, file)).toBe(200);
    await takenBack(message);
    expect(await statusFor(jane, file)).toBe(404);
    await expectGone(file);
    await expectThere(other, 'other');
    expect(await used()).toBe(5);
  });

  it('with the last of the messages that hold it', async () => {
    const file = await uploaded(acme, 'hello');
    const elsewhere = await given.channel(acme, [john, await given.customer(acme)], 'Elsewhere');
    const messages = [await sent([file]), await sent([file]), await sent([file], elsewhere)];
    await takenBack(messages[0]!);
    expect(await statusFor(jane, file)).toBe(200);
    await takenBack(messages[1]!);
    expect(await statusFor(jane, file)).toBe(404);
    await expectThere(file, 'hello');
    await takenBack(messages[2]!);
    await expectGone(file);
  });

  it('with the last of the channels that it was sent in', async () => {
    const files = [await uploaded(acme, 'one'), await uploaded(acme, 'two')] as const;
    const elsewhere = await given.channel(acme, [john, await given.customer(acme)], 'Elsewhere');
    await sent(files);
    await sent([files[1]], elsewhere);
    await deletedForAll(channel);
    await expectGone(files[0]);
    await expectThere(files[1], 'two');
    await deletedForAll(elsewhere);
    await expectGone(files[1]);
    expect(await used()).toBe(0);
  });

  it('a day after it was made where it was not sent, uploaded or not', async () => {
    const [file, empty, held] = [
      await uploaded(acme, 'hello'),
      await newFile(acme, { size: 7 }),
      await uploaded(acme, 'held'),
    ];
    await sent([held]);
    expect(await used()).toBe(16);
    const age = (hours: number): Promise<unknown> =>
      sql(
        `UPDATE files SET created_at = created_at - make_interval(hours => $2), expires_at = expires_at - make_interval(hours => $2)
         WHERE client_id = $1`,
        acme.uuid,
        hours,
      );
    await age(23);
    const [before] = await sql<{ soon: boolean }>(
      `SELECT bool_and(expires_at BETWEEN now() AND now() + interval '1 hour') AS soon FROM files
       WHERE client_id = $1 AND id <> $2`,
      acme.uuid,
      uuidOf(held),
    );
    expect(before).toEqual({ soon: true });
    const again = (await acme.send('GET', `/api/v1/files/${empty.id}`)).body as File;
    expect(again.upload_expires_at! - Date.now() / 1000).toBeLessThanOrEqual(3_600);
    await age(1);
    expect((await put(empty.upload_url, 'too late')).status).toBe(404);
    await expectGone(file);
    await until(async () => (await used()) === 4);
    await expectThere(held, 'held');
  });

  it('with the customer whose it is and who did not send it; what was sent stays, and is nobody’s', async () => {
    const me = await given.session(acme, john);
    const upload = async (content: string): Promise<File> => {
      const file = (await me.send('POST', '/api/v1/files', { mime_type: 'text/plain', size: content.length })).body;
      expect((await put(file.upload_url, content)).status).toBe(204);
      return (await me.send('GET', `/api/v1/files/${file.id}`)).body;
    };
    const [draft, photo, hers] = [await upload('draft'), await upload('photo'), await uploaded(acme, 'hers')];
    await sent([photo]);
    await deleted(`/api/v1/customers/${john.id}`);
    await expectGone(draft);
    expect(await statusFor(jane, photo)).toBe(200);
    await expectThere(photo, 'photo');
    await expectThere(hers, 'hers');
    const owners = await sql('SELECT owner_id FROM files WHERE client_id = $1', acme.uuid);
    expect(owners).toEqual([{ owner_id: null }, { owner_id: null }]);
    expect(await used()).toBe(9);
  });
});

describe('A file that goes while it is sent', () => {
  it('is in no message, or stays', async () => {
    for (let round = 0; round < 8; round += 1) {
      const files = [await uploaded(acme, 'hello'), await uploaded(acme, 'again')];
      const elsewhere = await given.channel(acme, [john, jane], `Round ${round}`);
      const first = await sent(files);
      const parts = files.map(({ id }) => ({ mime_type: 'text/plain', file_uuid: id }));
      const send = (to: Channel): Promise<number> =>
        acme
          .send('POST', '/api/v1/messages', { channel_uuid: to.id, sender_uuid: john.id, parts: [...parts].reverse() })
          .then(({ status }) => status);
      const [, ...statuses] = await Promise.all([takenBack(first), ...[elsewhere, channel, elsewhere].map(send)]);
      expect(statuses.filter((status) => status !== 201 && status !== 422)).toEqual([]);
      await expectExactRows(acme.uuid);
      const there = await sql('SELECT FROM files WHERE client_id = $1 AND id = ANY($2)', acme.uuid, files.map(uuidOf));
      expect(there).toHaveLength(statuses.includes(201) ? 2 : 0);
    }
  });

  it('expires, or is sent', async () => {
    const files = await atOnce(20, () => uploaded(acme, 'hello'));
    await Promise.all(
      files.map(async (file) => {
        const parts = [{ mime_type: 'text/plain', file_uuid: file.id }];
        const body = { channel_uuid: channel.id, sender_uuid: john.id, parts };
        const [, { status }] = await Promise.all([
          sql('UPDATE files SET expires_at = now() WHERE id = $1 AND expires_at IS NOT NULL', uuidOf(file)),
          acme.send('POST', '/api/v1/messages', body),
        ]);
        expect([201, 422]).toContain(status);
      }),
    );
    const due = 'SELECT FROM files WHERE client_id = $1 AND expires_at IS NOT NULL';
    await until(async () => (await sql(due, acme.uuid)).length === 0);
    await expectExactRows(acme.uuid);
  });
});
