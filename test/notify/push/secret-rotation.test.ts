import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SecretBox, type SecretSettings } from '../../../src/platform/secrets/secret-box.js';
import { given as givenOn } from '../../support/given.js';
import { browser } from '../../support/push-providers.js';
import { startServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const NONE: SecretSettings = {
  production: true,
  dataDir: '/nowhere',
  secretsKey: undefined,
  secretsKeyPrevious: undefined,
};
const box = (secretsKey: Buffer, secretsKeyPrevious?: Buffer) =>
  new SecretBox({ ...NONE, secretsKey, secretsKeyPrevious });

/** As it was written before keys had an id. */
function sealedWithoutId(key: Buffer, context: string, secret: object): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

describe('What is sealed', () => {
  it('opens with the key before, and without an id of its key', async () => {
    const secret = { private: 'key' };
    const sealed = await box(OLD).seal('here', secret);
    const before = sealedWithoutId(OLD, 'here', secret);
    for (const one of [sealed, before]) {
      expect(await box(OLD).open('here', one)).toEqual(secret);
      expect(await box(NEW, OLD).open('here', one)).toEqual(secret);
      await expect(box(NEW).open('here', one)).rejects.toThrow('here can not be decrypted');
      await expect(box(NEW, OLD).open('there', one)).rejects.toThrow('there can not be decrypted');
    }
    const anew = await box(NEW, OLD).seal('here', secret);
    expect(await box(NEW).open('here', anew)).toEqual(secret);
    await expect(box(NEW).open('here', Buffer.alloc(3))).rejects.toThrow('here can not be decrypted');
  });

  it('waits for its key: one that could not be read is read again', async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'parlance-')), 'data');
    // A file where a directory has to be: nothing can be written there.
    writeFileSync(dataDir, '');
    const patient = new SecretBox({ ...NONE, production: false, dataDir });
    await expect(patient.seal('here', {})).rejects.toThrow(/ENOTDIR|EEXIST/);
    rmSync(dataDir);
    expect(await patient.open('here', await patient.seal('here', { secret: 1 }))).toEqual({ secret: 1 });
  });
});

describe('SECRETS_KEY_PREVIOUS', () => {
  let web: Awaited<ReturnType<typeof browser>>;
  beforeAll(async () => {
    web = await browser();
  });
  afterAll(() => web.close());

  it('lets the credentials of all clients be sealed with the new key', async () => {
    const old = await startServer({ SECRETS_KEY: OLD.toString('hex') });
    const clients = [await givenOn(() => old).client(), await givenOn(() => old).client()];
    for (const client of clients) {
      await web.setUp(client);
    }
    await old.stop();
    const contextOf = (uuid: string) => `push credentials of ${uuid} for webpush`;
    const sealed = async (uuid: string) =>
      (await sql<{ secret: Buffer }>('SELECT secret FROM push_credentials WHERE client_id = $1', uuid))[0]!.secret;
    const [{ uuid: first }, { uuid: second }] = clients as [(typeof clients)[0], (typeof clients)[0]];
    const credentials = await box(OLD).open(contextOf(first), await sealed(first));
    const withoutId = sealedWithoutId(OLD, contextOf(first), credentials);
    await sql('UPDATE push_credentials SET secret = $2 WHERE client_id = $1', first, withoutId);

    const keys = { SECRETS_KEY: NEW.toString('hex'), SECRETS_KEY_PREVIOUS: OLD.toString('hex') };
    const server = await startServer(keys);
    try {
      for (const uuid of [first, second]) {
        const opens = async () =>
          box(NEW)
            .open(contextOf(uuid), await sealed(uuid))
            .catch(() => null);
        await until(async () => (await opens()) !== null);
        expect(await opens()).toEqual(credentials);
      }
    } finally {
      await server.stop();
    }
  });
});
