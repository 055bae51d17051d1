import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeContact, makeTag, refused } from '../../support/contacts.js';
import { expectExactRows } from '../../support/exact.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, truthfulFetch, type Reply } from '../../support/given.js';
import { beginImport, fileOf, sendFile } from '../../support/imports.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenTeams(() => server);

let team: TestTeam;
let admin: TestCaller;
beforeAll(async () => {
  team = await given.team();
  admin = await team.key();
});

const send = (...of: Parameters<typeof sendFile> extends [unknown, ...infer Rest] ? Rest : never): Promise<Reply> =>
  sendFile(server, ...of);
const imported = async (...of: Parameters<typeof send>) => accepted(await send(...of)).body.data;
const csvOf = async (by: TestCaller, query = ''): Promise<string> =>
  accepted(await by.send('GET', `/contacts/export${query}`)).text;
const contactsOf = async (by: TestCaller) =>
  accepted(await by.send('GET', '/contacts?sort_dir=asc&per_page=100')).body.data;

describe('An import', () => {
  it('makes contacts and changes those that are there, row by row', async () => {
    const [vip, anna] = [await makeTag(admin, 'VIP'), await makeContact(admin, { city: 'Berlin', lead_score: 5 })];
    const file = [
      'Email;First Name;last_name;Company;City;Lead Score;Tags;custom.Plan;status',
      `${anna.email};Änna;;Acme;;7;vip;pro;unsubscribed`,
      'New@Example.com ;;"Müller; jr.";;;;"New one;VIP";;',
      ';No;Body;;;;;;',
      'nobody;;;;;;;;',
      'a@example.com;too;few',
      'score@example.com;;;;;101;;;',
      'new@example.com;Nora;;;Bonn;;;;',
    ].join('\r\n');
    const body = await imported(admin, `\ufeff${file}`, [['tag_ids[]', String(vip.id)]]);
    expect(body).toEqual({
      ...{ id: expect.any(Number), imported: 3, created: 1, updated: 2, skipped: 4 },
      errors: [
        'Row 4: missing email',
        `Row 5: invalid email 'nobody'`,
        'Row 6: column count mismatch',
        'Row 7: invalid lead_score: it must be a whole number from 0 to 100.',
      ],
    });
    const shown = await contactsOf(admin);
    expect(shown).toHaveLength(2);
    expect(shown[0]).toMatchObject({
      ...{ id: anna.id, first_name: 'Änna', last_name: null, name: 'Änna', company: 'Acme', city: 'Berlin' },
      ...{ lead_score: 7, status: 'active', custom_fields: { Plan: 'pro' }, tags: [{ id: vip.id }] },
    });
    expect(shown[1]).toMatchObject({
      ...{ email: 'new@example.com', first_name: 'Nora', last_name: 'Müller; jr.', city: 'Bonn' },
      tags: [{ name: 'VIP' }, { name: 'New one' }],
    });
    const customers = await sql(`SELECT name FROM customers WHERE client_id = $1`, team.uuid);
    expect(customers.map(({ name }) => name).sort()).toEqual(['Nora Müller; jr.', 'Änna']);
    await expectExactRows(team.uuid);
  });

  it('skips who is there, or only counts, where that is asked for', async () => {
    const key = await (await given.team()).key();
    const one = await makeContact(key);
    const file = `email,city\n${one.email},Bonn\nfresh@example.com,Bonn\nFresh@example.com,Ulm`;
    const dry = await imported(key, file, [['dry_run', '1']]);
    expect(dry).toEqual({ id: null, imported: 3, created: 1, updated: 2, skipped: 0, errors: [] });
    expect(await contactsOf(key)).toEqual([expect.objectContaining({ id: one.id, city: null })]);
    const skipped = await imported(key, file, [['on_conflict', 'skip']]);
    expect(skipped).toMatchObject({ imported: 1, created: 1, updated: 0, skipped: 2, errors: [] });
    const [, fresh] = await contactsOf(key);
    expect(fresh).toMatchObject({ first_name: 'fresh', name: 'fresh', city: 'Bonn' });
  });

  it('subscribes nobody again', async () => {
    const key = await (await given.team()).key();
    const one = await makeContact(key, { status: 'unsubscribed' });
    await imported(key, `email,status,city\n${one.email},active,Bonn`);
    const shown = accepted(await key.send('GET', `/contacts/${one.id}`)).body.data;
    expect(shown).toMatchObject({ status: 'unsubscribed', city: 'Bonn', suppression: { reason: 'unsubscribed' } });
  });

  it('with a key happens once, and another file is another request', async () => {
    const key = await (await given.team()).key();
    const headers = { 'idempotency-key': 'once' };
    const first = await send(key, 'email\nonce@example.com', [], headers);
    const again = await send(key, 'email\nonce@example.com', [], headers);
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([200, first.text, 'true']);
    expect((await send(key, 'email\ntwice@example.com', [], headers)).status).toBe(422);
    expect(await contactsOf(key)).toHaveLength(1);
  });

  it('of one person by many at once makes one contact', async () => {
    const other = await given.team();
    const key = await other.key();
    const file = `email,first_name\n${Array.from({ length: 20 }, (_, at) => `many-${at}@example.com,A`).join('\n')}`;
    const ends = await Promise.all([
      ...Array.from({ length: 8 }, () => send(key, file)),
      ...Array.from({ length: 20 }, (_, at) =>
        key.send('POST', '/contacts', { first_name: 'B', email: `many-${at}@example.com` }),
      ),
    ]);
    expect(ends.map(({ status }) => status).filter((status) => ![200, 201, 422].includes(status))).toEqual([]);
    expect(await contactsOf(key)).toHaveLength(20);
    await expectExactRows(other.uuid);
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, string | RegExp]>([
    ['nothing', '', 'Could not read CSV headers.'],
    ['blank headers', ',,\n1,2,3', 'Could not read CSV headers.'],
    ['a million columns', `email${','.repeat(1_000_000)}\na@example.com`, /CSV headers|longer/],
    ['ten million commas', `email\n${','.repeat(10_000_000)}`, 'Line 2 is longer than 1024 KB.'],
    ['a line of ten megabytes', `email\n${'x'.repeat(10_000_000)}`, 'Line 2 is longer than 1024 KB.'],
    ['a quote that never ends', 'email\n"a@example.com\nb', /Quote Not Closed/],
    ['a NUL', 'email\na\n\u0000', 'Line 3 is not UTF-8 text.'],
    ['Latin-1', Uint8Array.from(Buffer.from('email,city\na@example.com,Köln', 'latin1')), 'Line 2 is not UTF-8 text.'],
    ['UTF-16', Uint8Array.from(Buffer.from('\ufeffemail\na@b.de', 'utf16le')), /csv, txt|Line 1 is not UTF-8/],
    ['unknown columns', 'email,Nickname,Shoe size\n', 'Unknown columns: Nickname, Shoe size.'],
    ['a column twice', 'email,Email\n', 'The column email is there twice.'],
    ['a PDF', '%PDF-1.7\nemail', 'The file must be a file of type: csv, txt.'],
    ['a ZIP', Uint8Array.from([0x50, 0x4b, 3, 4, ...Array<number>(40).fill(1)]), /type: csv, txt|UTF-8/],
    [
      'a PNG',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 1, 1, 1, 1]),
      /type: csv|not UTF-8/,
    ],
  ])('of %s is refused', async (_, file, says) => {
    const { status, body } = await send(admin, file);
    expect([status, Object.keys(body.errors ?? {})]).toEqual([422, ['file']]);
    expect(body.errors.file[0]).toEqual(says instanceof RegExp ? expect.stringMatching(says) : says);
  });

  it('takes unknown columns for custom fields where that is asked for', async () => {
    const key = await (await given.team()).key();
    await imported(key, 'email,Shoe Size\na@example.com,44', [['unknown_columns', 'custom']]);
    expect((await contactsOf(key))[0].custom_fields).toEqual({ shoe_size: '44' });
  });

  it('refuses forms that are none, and leaves nothing of them', async () => {
    const twice = new FormData();
    ['a.csv', 'b.csv'].forEach((name) => twice.append('file', new Blob(['email\n']), name));
    const post = (body: FormData | string | Buffer, headers = {}): Promise<Response> =>
      truthfulFetch(`${server.url}/api/v1/contacts/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${admin.token}`, ...headers },
        body: body as string,
      });
    expect((await post(twice)).status).toBe(422);
    expect(await send(admin, null)).toEqual(refused('file'));
    expect(await send(admin, 'email\n', [['role', 'admin']])).toEqual(refused('role'));
    expect(await send(admin, 'email\n', [['tag_ids[]', '999999']])).toEqual(refused('tag_ids.0'));
    const many = Array.from({ length: 1_001 }, (_, at) => [`f${at}`, 'x'] as const);
    expect(await send(admin, 'email\n', many)).toEqual(refused('body'));
    expect((await send(admin, `email\n${'a@example.com\n'.repeat(900_000)}`)).status).toBe(413);
    expect((await post('x', { 'content-type': 'multipart/form-data' })).status).toBe(400);
    expect((await post('--x\r\n', { 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(400);
    expect(await admin.send('POST', '/contacts/import', { file: { sha256: 'x' } })).toEqual(refused('file'));
  });
});

describe('An import that a worker is to do', () => {
  it('is shown and cancelled, and its file goes', async () => {
    const other = await given.team();
    const [key, viewer, stranger] = [await other.key(), await other.member('viewer'), admin];
    const large = await send(key, fileOf(2_001));
    expect(large).toMatchObject({
      status: 202,
      body: { data: { status: 'processing', name: 'contacts.csv', rows: 0 } },
    });
    const small = await beginImport(server, key, 'email\na@example.com', [['dry_run', '1']]);
    const shown = accepted(await viewer.send('GET', '/contacts/imports')).body.data;
    expect(shown.map(({ id, dry_run }: { id: number; dry_run: boolean }) => [id, dry_run])).toEqual([
      [small.id, true],
      [large.body.data.id, false],
    ]);
    const filesOf = () => sql(`SELECT expires_at FROM files WHERE client_id = $1`, other.uuid);
    expect(await filesOf()).toEqual([{ expires_at: null }, { expires_at: null }]);
    const path = `/contacts/imports/${large.body.data.id}`;
    expect((await viewer.send('DELETE', path)).status).toBe(403);
    for (const [method, where] of [
      ['GET', path],
      ['DELETE', path],
      ['POST', `${path}/start`],
      ['GET', `${path}/errors`],
    ] as const) {
      expect(await stranger.send(method, where.replace(/\d+/, small.uuid))).toMatchObject({
        ...{ status: 404, body: { message: 'Import not found.' } },
      });
    }
    for (const times of [1, 2]) {
      expect([times, (await key.send('DELETE', path)).status]).toEqual([times, 204]);
    }
    expect(accepted(await key.send('GET', path)).body.data).toMatchObject({
      status: 'cancelled',
      started_at: expect.any(String),
      ended_at: expect.any(String),
    });
    expect(await filesOf()).toHaveLength(1);
    await key.send('DELETE', `/contacts/imports/${small.id}`);
    expect(await contactsOf(key)).toEqual([]);
  });

  it('begins with an upload, and starts once that is there and has headers', async () => {
    const key = await (await given.team()).key();
    const begin = async (file: string, fields = {}) =>
      accepted(await key.send('POST', '/contacts/imports', { name: 'a.csv', size: Buffer.byteLength(file), ...fields }))
        .body.data;
    const put = (url: string, body: string) => truthfulFetch(url, { method: 'PUT', body });
    const file = 'email\na@example.com';
    const good = await begin(file);
    expect(good).toMatchObject({ status: 'pending', type: 'file', started_at: null });
    const start = (id: number) => key.send('POST', `/contacts/imports/${id}/start`);
    expect(await start(good.id)).toMatchObject({ status: 422, body: { message: expect.stringContaining('uploaded') } });
    expect((await put(good.upload_url, file)).status).toBe(204);
    expect(accepted(await start(good.id))).toMatchObject({ status: 202, body: { data: { status: 'processing' } } });
    expect(await start(good.id)).toMatchObject({
      status: 422,
      body: { message: 'Only a pending import can be started.' },
    });
    const bad = await begin('Nickname\na');
    await put(bad.upload_url, 'Nickname\na');
    expect(await start(bad.id)).toEqual(refused('file'));
    for (const [fields, field] of [
      [{ size: 0 }, 'size'],
      [{ size: 500 * 1024 ** 2 + 1 }, 'size'],
      [{ name: '' }, 'name'],
      [{ tag_ids: [999_999] }, 'tag_ids.0'],
      [{ on_conflict: 'no' }, 'on_conflict'],
    ] as const) {
      expect(await key.send('POST', '/contacts/imports', { name: 'a.csv', size: 5, ...fields })).toEqual(
        refused(field),
      );
    }
    for (const { id } of [good, bad]) {
      await key.send('DELETE', `/contacts/imports/${id}`);
    }
  });

  it('tells all errors of one that was done at once as CSV', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => `=${at}`);
    const { id, errors } = await imported(admin, `email\n${rows.join('\n')}`);
    expect(errors).toHaveLength(50);
    const shown = accepted(await admin.send('GET', `/contacts/imports/${id}`)).body.data;
    expect(shown).toMatchObject({ status: 'completed', rows: 120, skipped: 120, errors, errors_count: 120 });
    expect(shown.errors_url).toBe(`${server.url}/api/v1/contacts/imports/${id}/errors`);
    const csv = accepted(await admin.send('GET', `/contacts/imports/${id}/errors`)).text;
    expect(csv).toBe(`Error\n${rows.map((row, at) => `Row ${at + 2}: invalid email '${row}'\n`).join('')}`);
  });
});

describe('An export', () => {
  it('holds all of many, by their numbers', async () => {
    const key = await (await given.team()).key();
    await imported(key, `email\n${Array.from({ length: 1_201 }, (_, at) => `m${at}@example.com`).join('\n')}`);
    const lines = (await csvOf(key)).trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(',')[2])).toEqual(
      Array.from({ length: 1_201 }, (_, at) => `m${at}@example.com`),
    );
  });

  it('that is imported again changes nothing', async () => {
    const text = fc
      .string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...`'=+-@\t\r\n ,;"1aÄ😀`) })
      .filter((one) => one.trim() !== '');
    const maybe = fc.option(text, { nil: null });
    const fields = fc.record({
      ...{ first_name: text, last_name: maybe, phone: maybe, company: maybe, job_title: maybe, city: maybe },
      ...{ country: maybe, timezone: fc.constantFrom(null, 'Europe/Berlin'), lead_score: fc.nat(100) },
      ...{ status: fc.constantFrom('active', 'inactive', 'unsubscribed'), custom_fields: fc.dictionary(text, text) },
      tag: text,
    });
    const key = await (await given.team()).key();
    const rows = fc.sample(fields, 40);
    for (const { tag, ...row } of rows) {
      const known = accepted(await key.send('GET', '/tags?per_page=100')).body.data as { id: number; name: string }[];
      const same = known.find(({ name }) => name.toLowerCase() === tag.toLowerCase());
      await makeContact(key, { ...row, tag_ids: [(same ?? (await makeTag(key, tag))).id] });
    }
    const before = await contactsOf(key);
    const csv = await csvOf(key);
    const end = await imported(key, csv);
    expect(end).toMatchObject({ imported: 40, created: 0, updated: 40, skipped: 0, errors: [] });
    expect(await contactsOf(key)).toEqual(before);
    expect(await csvOf(key)).toBe(csv);
    expect(accepted(await key.send('GET', '/tags?per_page=100')).body.meta.total).toBe(
      new Set(rows.map(({ tag }) => tag.toLowerCase())).size,
    );
  });
});
