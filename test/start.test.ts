import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAlive, startProcess, type ServerProcess } from './support/process.js';

const MAIN = new URL('../dist/src/main.js', import.meta.url).pathname;

interface Total {
  readonly total_count: number;
}

/** Runs the server with settings it can't start with. */
async function failToStart(env: Record<string, string>): Promise<{ code: number | null; error: string }> {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...env } });
  let error = '';
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  await once(child, 'close');
  return { code: child.exitCode, error };
}

describe('npm start on nothing', () => {
  let dataDir: string;
  let server: ServerProcess;
  let keys: Record<string, string>;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'parlance-start-'));
    server = await startProcess({ DATA_DIR: dataDir });
    keys = {
      authorization: `Bearer ${/sk_test_\w+/.exec(server.output())![0]}`,
      'x-public-key': /pk_test_\w+/.exec(server.output())![0],
    };
  });
  afterAll(async () => {
    await server.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });

  const postgresPid = (): number =>
    Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

  it('prints a curl line that works as pasted', async () => {
    const curl = /curl .*/.exec(server.output())![0];
    const child = spawn('sh', ['-c', `${curl} -s -o /dev/null -w '%{http_code}'`]);
    let status = '';
    child.stdout.on('data', (chunk: Buffer) => {
      status += chunk.toString();
    });
    await once(child, 'close');
    expect(status).toBe('201');
  });

  it('keeps the keys for itself, and fills them in for this machine', async () => {
    const file = join(dataDir, 'demo-keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const answer = await fetch(`${server.url}/demo/keys`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([200, JSON.parse(readFileSync(file, 'utf8'))]);
    expect(readFileSync(file, 'utf8')).toContain(keys['x-public-key']);
  });

  it('survives kill -9: the next start takes over the running PostgreSQL and has everything', async () => {
    const before = postgresPid();
    await server.end('SIGKILL');
    server = await startProcess({ DATA_DIR: dataDir });
    expect(postgresPid()).toBe(before);
    expect(server.output()).not.toContain('sk_test_');
    const list = (await (await fetch(`${server.url}/api/v1/customers`, { headers: keys })).json()) as Total;
    expect(list.total_count).toBe(1);
  });

  it('refuses a second server on the same data', async () => {
    const { code, error } = await failToStart({ DATA_DIR: dataDir, PORT: '0' });
    expect(code).toBe(1);
    expect(error).toMatch(/^Parlance can't start: Another Parlance is running on .*\n$/);
  });

  it('says in one line which setting is wrong', async () => {
    const { code, error } = await failToStart({ DATA_DIR: dataDir, PORT: 'eighty' });
    expect(code).toBe(78);
    expect(error).toBe('Parlance can\'t start: PORT must be a whole number from 0 to 65535, not "eighty".\n');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['HOST=300.1.1.1', { HOST: '300.1.1.1' }, /HOST and PORT can't be listened on: .*300\.1\.1\.1/],
    ['DATA_DIR=/proc/x', { DATA_DIR: '/proc/x' }, /DATA_DIR can't be written to: .*\/proc\/x/],
    ['DATA_DIR=a file', { DATA_DIR: MAIN }, /DATA_DIR can't be written to: /],
    ['APNS_CA=/nowhere', { APNS_CA: '/nowhere' }, /APNS_CA must be a file that can be read: .*\/nowhere/],
  ])('says in one line that it can not use %s', async (_, env, problem) => {
    const base = { DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web', PORT: '0', DATA_DIR: dataDir };
    const { code, error } = await failToStart({ ...base, ...env });
    expect(error).toMatch(problem);
    expect(error).toMatch(/^Parlance can't start: .*\n$/);
    expect(code).toBe('APNS_CA' in env ? 78 : 1);
  });

  it('says in one line that this Node is too old', async () => {
    const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.18.3'})";
    const child = spawn(process.execPath, ['--import', older, MAIN], { env: { PATH: process.env.PATH } });
    const [error] = (await once(child.stderr, 'data')) as [Buffer];
    await once(child, 'close');
    expect([child.exitCode, String(error)]).toEqual([1, 'Parlance needs Node 20.19 or newer; this is 20.18.3.\n']);
  });

  it('finishes what is under way on SIGTERM, then stops both processes', async () => {
    const pid = postgresPid();
    const body = JSON.stringify({ name: 'Late', email: 'late@example.com' });
    const socket = connect(Number(new URL(server.url).port), 'localhost');
    const headers = Object.entries({ ...keys, host: 'localhost', 'content-type': 'application/json' });
    socket.write(`POST /api/v1/customers HTTP/1.1\r\n${headers.map((header) => header.join(': ')).join('\r\n')}\r\n`);
    socket.write(`content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
    await sleep(200);
    const ended = server.end('SIGTERM');
    await sleep(200);
    socket.write(body.slice(5));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 201 /);
    socket.destroy();
    expect(await ended).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });
});
