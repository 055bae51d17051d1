import { once } from 'node:events';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FilesService } from '../../src/files/files.service.js';
import type { Drafts } from '../../src/files/drafts.js';
import { secretIn } from '../../src/platform/common/installation-secret.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import {
  expectBroughtAndRead,
  inPieces,
  newFile,
  onDisk,
  put,
  seen,
  startFileServer,
  type File,
} from '../support/files.js';
import { accepted, given as givenOn, type TestClient } from '../support/given.js';
import { answersOn, exchangeOne, open, wire } from '../support/raw-http.js';
import { docUrl } from '../support/refused.js';
import { sql } from '../support/sql.js';

let server: Awaited<ReturnType<typeof startFileServer>>;
let acme: TestClient;
let kept: string[];
beforeAll(async () => {
  server = await startFileServer();
  acme = await given.client();
});
afterAll(() => server.stop());
beforeEach(() => {
  kept = onDisk(server);
});
const given = givenOn(() => server);

const pathOf = ({ upload_url }: File): string => upload_url!.slice(server.url.length);
async function expectNothingKept(file: File): Promise<void> {
  expect(onDisk(server)).toEqual(kept);
  expect((await seen(acme, file)).uploaded).toBe(false);
}

describe('An upload', () => {
  it.each([
    ['fewer bytes', 'four'],
    ['more bytes', 'sixsix'],
    ['no bytes', ''],
    ['fewer bytes in pieces', inPieces('fo', 'ur')],
  ])('of %s is refused, and nothing is kept', async (_, body) => {
    const file = await newFile(acme, { size: 5 });
    const { status, body: answer } = await put(file.upload_url, body);
    expect([status, answer]).toEqual([
      422,
      {
        error: 'This file must have exactly 5 bytes',
        code: 'wrong_size',
        doc_url: docUrl('wrong_size'),
        request_id: expect.any(String),
      },
    ]);
    await expectNothingKept(file);
    expect((await put(file.upload_url, 'hello')).status).toBe(204);
  });

  it('of more bytes than it says is refused as well', async () => {
    const file = await newFile(acme, { size: 5 });
    const chunked = wire('PUT', pathOf(file), [['Transfer-Encoding', 'chunked']], '6\r\nsixsix\r\n0\r\n\r\n');
    expect((await exchangeOne(server.port, chunked)).status).toBe(422);
    await expectNothingKept(file);
  });

  it.each([
    ['before it began', ({ upload_url }: File) => pathOf({ upload_url: upload_url!.slice(0, -1) } as File), 403],
    ['in its middle', pathOf, 422],
  ])('that is refused %s is answered and hung up on, however much was to come', async (_, pathFor, status) => {
    const file = await newFile(acme, { size: 100_000 });
    const socket = await open(server.port);
    const closed = once(socket, 'close');
    const told = once(socket, 'data') as Promise<[Buffer]>;
    socket.on('error', () => undefined);
    const piece = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
    socket.write(wire('PUT', pathFor(file), [['Transfer-Encoding', 'chunked']], piece));
    socket.write(piece);
    const [answer] = await told;
    expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nConnection: close\r\n`, 'i'));
    // It goes on to send, and only so finds out.
    const sending = setInterval(() => socket.write(piece), 10);
    await closed;
    clearInterval(sending);
    await expectNothingKept(file);
    expect((await put(file.upload_url, 'x'.repeat(100_000))).status).toBe(204);
  });

  it('in pieces is taken', async () => {
    const file = await newFile(acme, { size: 5 });
    expect((await put(file.upload_url, inPieces('he', 'llo'))).status).toBe(204);
    expect((await seen(acme, file)).uploaded).toBe(true);
  });

  it('that is JSON, or says to be, is bytes like all others', async () => {
    const file = await newFile(acme, { size: 5 });
    expect(
      (await put(file.upload_url, { body: '{"a":', headers: { 'content-type': 'application/json' } })).status,
    ).toBe(204);
  });

  it('that breaks off leaves nothing behind', async () => {
    const file = await newFile(acme, { size: 1_000_000 });
    const socket = await open(server.port);
    socket.write(wire('PUT', pathOf(file), [['Content-Length', '1000000']]));
    socket.write('x'.repeat(500_000));
    while (onDisk(server).length === kept.length) {
      await sleep(10);
    }
    socket.destroy();
    while (onDisk(server).length > kept.length) {
      await sleep(10);
    }
    await expectNothingKept(file);
  });

  it('happens once', async () => {
    const file = await newFile(acme, { size: 5 });
    expect((await put(file.upload_url, 'first')).status).toBe(204);
    const again = await put(file.upload_url, 'again');
    expect([again.status, again.body.code]).toEqual([409, 'already_uploaded']);
    expect(await (await fetch((await seen(acme, file)).download_url!)).text()).toBe('first');
  });

  it('happens once where many come at once, and what is kept is what was said to be', async () => {
    const size = 200_000;
    const file = await newFile(acme, { size });
    const bodies = [...'abcdef'].map((letter) => letter.repeat(size));
    const replies = await Promise.all(bodies.map((body) => put(file.upload_url, inPieces(body))));
    const winners = bodies.filter((_, at) => replies[at]!.status === 204);
    expect(winners).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(bodies.length - 1);
    // toBe() on the texts would print them.
    const content = await (await fetch((await seen(acme, file)).download_url!)).text();
    expect(content === winners[0]).toBe(true);
    expect(onDisk(server).length).toBe(kept.length + 1);
  });

  it('may take longer than any other request', async () => {
    const http = server.app.getHttpServer();
    const { headersTimeout, requestTimeout } = http;
    // Node takes the shorter of the two for that of the headers.
    Object.assign(http, { headersTimeout: 1_000, requestTimeout: 1_500 });
    const headers = [['Content-Length', '5']] as const;
    const [file, other] = [await newFile(acme, { size: 5 }), await newFile(acme, { size: 5 })];
    const slow = await open(server.port);
    slow.write(wire('PUT', pathOf(file), headers, 'he'));
    // Whoever was refused has no such leave.
    const refused = await open(server.port);
    refused.write(wire('PUT', pathOf(other).slice(0, -1), headers, 'he'));
    const hungUp = once(refused, 'close');
    refused.resume();
    await hungUp;
    // The connections are looked at once a second.
    await sleep(1_500);
    Object.assign(http, { headersTimeout, requestTimeout });
    slow.write('llo');
    const [reply] = await answersOn(slow, 1);
    expect(reply!.status).toBe(204);
  });

  it('is known to be there even where the process could not say so any more', async () => {
    const file = await newFile(acme, { size: 5 });
    accepted(await put(file.upload_url, 'hello'));
    await sql('UPDATE files SET uploaded_at = NULL WHERE id = $1', parseId('file', file.id));
    expect((await put(file.upload_url, 'other')).status).toBe(409);
    expect((await seen(acme, file)).uploaded).toBe(true);
  });

  it('that a killed process left half done is removed a day later, without a start as well', async () => {
    const incoming = join(server.dataDir, 'files', 'incoming');
    mkdirSync(incoming, { recursive: true });
    writeFileSync(join(incoming, 'half'), 'half');
    utimesSync(join(incoming, 'half'), 1, 1);
    await server.get<Drafts>('Drafts').sweep();
    expect(onDisk(server)).not.toContain('half');
  });

  it('that a killed process left half done is removed a day later', async () => {
    const incoming = join(server.dataDir, 'files', 'incoming');
    mkdirSync(incoming, { recursive: true });
    for (const [name, age] of [
      ['old', 90_000],
      ['new', 60],
    ] as const) {
      writeFileSync(join(incoming, name), 'half');
      const then = Date.now() / 1000 - age;
      utimesSync(join(incoming, name), then, then);
    }
    const next = await startFileServer({ DATA_DIR: server.dataDir });
    while (onDisk(server).includes('old')) {
      await sleep(10);
    }
    await next.app.close();
    expect(onDisk(server)).toContain('new');
  });
});

describe('A file that a service has fetched', () => {
  it('is brought to its place and read again', async () => {
    const before = onDisk(server).length;
    await expectBroughtAndRead(server, acme);
    expect(onDisk(server)).toHaveLength(before + 1);
  });
});

describe('The secret', () => {
  it('is one, however many make it at once', async () => {
    const directory = join(server.dataDir, 'another');
    const secrets = await Promise.all(Array.from({ length: 20 }, () => secretIn(directory, 'files-secret')));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\da-f]{64}$/);
  });
});

describe('A file that was sent in a channel', () => {
  it('may be fetched by its members, its owner and the client', async () => {
    const files = server.get<FilesService>('FilesService');
    const tenant = { clientId: acme.uuid, livemode: false };
    const { john, jane, channel } = await given.pair(acme);
    const stranger = await given.customer(acme);
    const [me, her, him] = [john, jane, stranger].map(({ id }) => parseId('customer', id)!) as [string, string, string];
    const channelId = parseId('channel', channel.id)!;

    const mine = await files.create(tenant, { mimeType: 'text/plain', size: 5 }, me);
    const sees = (): Promise<boolean[]> =>
      Promise.all([me, her, him, null].map(async (by) => (await files.find(tenant, mine.id, by)) !== null));
    expect(await sees()).toEqual([true, false, false, true]);

    // Not uploaded, and not hers.
    const sendable = async (ids: string[], by: string): Promise<string[]> => [
      ...(await files.findUploaded(tenant, ids, by)).keys(),
    ];
    expect(await sendable([mine.id], me)).toEqual([]);
    accepted(await put(server.url + (await files.links(tenant, mine)).upload!.url, 'hello'));
    expect(await sendable([mine.id], her)).toEqual([]);

    const theirs = await files.create(tenant, { mimeType: 'text/plain', size: 5 }, her);
    expect(await sendable([mine.id, theirs.id], me)).toEqual([mine.id]);

    for (let times = 0; times < 2; times += 1) {
      await files.attach(tenant, [mine.id, mine.id], channelId);
    }
    expect(await sees()).toEqual([true, true, false, true]);
    const umbrella = { clientId: (await given.client()).uuid, livemode: false };
    expect(await files.find(umbrella, mine.id, null)).toBeNull();
    expect((await files.findUploaded(umbrella, [mine.id], null)).size).toBe(0);

    await sql('DELETE FROM channel_members WHERE channel_id = $1 AND customer_id = $2', channelId, her);
    expect(await sees()).toEqual([true, false, false, true]);
  });
});
