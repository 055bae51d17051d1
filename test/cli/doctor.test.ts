import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MailServer } from '../support/mail-server.js';
import { freePort, launch } from '../support/process.js';
import { describeWithRedis, TestRedis } from '../support/redis.js';
import { startObjectStore, type ObjectStore } from '../support/s3.js';
import { emptyDatabase } from '../support/sql.js';

const PROGRAM = new URL('../../dist/src/cli/doctor.js', import.meta.url).pathname;
/** Of each service, and said by none of them. */
const PASSWORD = 'pass-word-of-a-service';
const PRODUCTION = {
  NODE_ENV: 'production',
  SECRETS_KEY: 'ab'.repeat(32),
  TRACKING_SECRET: 'cd'.repeat(32),
  FILES_SECRET: 'secret-of-files-secret-of-files-secret',
  PUBLIC_URL: 'https://chat.example.com',
  TRUST_PROXY: '1',
};

const mails = new MailServer({ username: 'me', password: PASSWORD });
let store: ObjectStore;
/** Of models: it knows its key. */
const models = createServer(({ headers }, response) => {
  response.writeHead(headers.authorization === `Bearer ${PASSWORD}` ? 200 : 401).end('{"data":[]}');
});
let modelsUrl: string;
let smtp: string;
let deadPort: number;
beforeAll(async () => {
  store = await startObjectStore();
  await once(models.listen(0, '127.0.0.1'), 'listening');
  modelsUrl = `http://127.0.0.1:${(models.address() as AddressInfo).port}/v1`;
  smtp = new URL(await mails.start()).host;
  deadPort = await freePort();
});
afterAll(async () => {
  store.stop();
  models.close();
  await mails.stop();
});

interface Examined {
  readonly code: number | null;
  readonly output: string;
  readonly found: Readonly<Record<string, string>>;
}

/** What it finds of each thing, as `failure: why`. */
async function doctor(env: Record<string, string>): Promise<Examined> {
  const settings = { DATABASE_URL: process.env.TEST_DATABASE_URL!, ...store.env, ...env };
  const program = launch(settings, PROGRAM, ['--json']);
  const code = await program.ended;
  const output = program.output();
  // The SDK of Amazon says beside it which Node it will need.
  const said = output.split('\n').find((line) => line.startsWith('['));
  const findings = JSON.parse(said!) as { name: string; state: string; says: string }[];
  return {
    code,
    output,
    found: Object.fromEntries(findings.map(({ name, state, says: why }) => [name, `${state}: ${why}`])),
  };
}

describe('doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { code, found } = await doctor({
      ...PRODUCTION,
      SMTP_URL: `smtp://me:${PASSWORD}@${smtp}`,
      AI_BASE_URL: modelsUrl,
      AI_API_KEY: PASSWORD,
    });
    expect(found).toEqual({
      database: expect.stringMatching(/^ok: PostgreSQL \d+.* answers in \d+ ms$/),
      schema: 'ok: of this release',
      connections: expect.stringMatching(/^ok: \d+ of \d+ are open, and each process opens up to 16 /),
      notifications: 'ok: LISTEN hears NOTIFY',
      clock: expect.stringMatching(/^ok: \d+ ms (behind|ahead of) the database$/),
      redis: 'ok: none (REDIS_URL): each process counts requests by itself',
      files: expect.stringMatching(/^ok: written, read and deleted in the bucket files in \d+ ms$/),
      mail: `ok: ${smtp} takes mails`,
      models: expect.stringMatching(/^ok: 127\.0\.0\.1:\d+ answers 200$/),
      secrets: 'ok: all set',
      proxies: 'ok: PUBLIC_URL is https://chat.example.com',
    });
    expect(code).toBe(0);
    expect(store.objects.size).toBe(0);
  });

  it('names each thing that does not work, and no secret', async () => {
    const dead = `127.0.0.1:${deadPort}`;
    const { code, output, found } = await doctor({
      DATABASE_URL: `postgres://me:${PASSWORD}@${dead}/none`,
      REDIS_URL: `redis://me:${PASSWORD}@${dead}`,
      SMTP_URL: `smtp://me:${PASSWORD}wrong@${smtp}`,
      S3_SECRET_ACCESS_KEY: `${PASSWORD}-of-s3`,
      AI_BASE_URL: modelsUrl,
      AI_API_KEY: `${PASSWORD}-of-models`,
      GOOGLE_CLIENT_ID: 'id',
      GOOGLE_CLIENT_SECRET: PASSWORD,
      GOOGLE_ISSUER: `http://${dead}`,
    });
    const refused = /ECONNREFUSED/;
    expect(found).toMatchObject({
      database: expect.stringMatching(/^failure: /),
      schema: expect.stringMatching(/^failure: /),
      notifications: expect.stringMatching(refused),
      redis: expect.stringMatching(refused),
      files: expect.stringMatching(/^failure: /),
      mail: expect.stringMatching(/^failure: .*535/),
      models: expect.stringMatching(/^failure: .* answers 401: AI_API_KEY is refused$/),
      'sign-in by google': expect.stringMatching(/^failure: /),
    });
    expect(code).toBe(1);
    expect(output).not.toContain(PASSWORD);
  });

  it('tells of a schema that is not of this release, and warns of what production should not be without', async () => {
    await emptyDatabase();
    const { code, found } = await doctor({ NODE_ENV: 'production', PUBLIC_URL: 'https://chat.example.com' });
    expect([code, found.schema]).toEqual([1, 'failure: older than this release: run migration:run']);
    expect(found.secrets).toMatch(/^warning: not set: SECRETS_KEY: .*, TRACKING_SECRET: /);
    expect(found.proxies).toMatch(/^warning: TRUST_PROXY is off/);
    expect(found.mail).toBe('warning: none (SMTP_URL): users get no mail');
  });

  it('prints a line for each', async () => {
    const program = launch({ DATABASE_URL: process.env.TEST_DATABASE_URL!, ...store.env }, PROGRAM);
    await program.ended;
    const lines = program.output().match(/^(ok {5}|warning|failure) {2}\S+ +\S.*$/gm);
    expect(lines).toHaveLength(11);
  });
});

describeWithRedis('doctor beside a Redis', () => {
  it('asks it', async () => {
    const redis = await TestRedis.start();
    try {
      const { found } = await doctor({ REDIS_URL: redis.url });
      expect(found.redis).toMatch(/^ok: answers in \d+ ms$/);
    } finally {
      await redis.kill();
    }
  });
});
