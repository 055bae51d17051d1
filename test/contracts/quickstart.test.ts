import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn } from '../support/given.js';
import { useServer } from '../support/server.js';
import { document } from '../support/truth.js';
import { until } from '../support/until.js';

const { description } = (document as typeof document & { info: { description: string } }).info;
const blocks = (language: string): string[] =>
  [...description.matchAll(/^```(\w+)\n([^]*?)^```/gm)].flatMap(([, of, code]) => (of === language ? [code!] : []));

const server = useServer();
const folder = mkdtempSync(join(tmpdir(), 'parlance-quickstart-'));
beforeAll(() => {
  symlinkSync(new URL('../../node_modules', import.meta.url).pathname, join(folder, 'node_modules'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The blocks, one after another in one shell, as they stand but for the address. */
async function run(shell: readonly string[], env: Record<string, string>): Promise<string> {
  const script = ['set -eu', ...shell, 'env'].join('\n').replaceAll(':3000', `:${server.port}`);
  const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } };
  return (await promisify(execFile)('sh', ['-c', script], options)).stdout;
}

describe('The quickstart of the document', () => {
  it('works as it stands, from two customers to a message that arrives', async () => {
    const client = await givenOn(() => server).client({ domain: 'localhost', origin_policy: 'if_present' });
    const keys = { SECRET_KEY: client.secretKey, PUBLIC_KEY: client.publicKey };
    const [define, ...steps] = blocks('sh');
    const printed = await run([define!, ...steps.slice(0, -1)], keys);
    const [sent, list] = printed.split('\n').filter((line) => line.includes('"Hello, Jane!"')) as [string, string];
    expect(JSON.parse(sent)).toMatchObject({ object: 'message', content: 'Hello, Jane!' });
    expect(JSON.parse(list)).toMatchObject({ object: 'list', data: [JSON.parse(sent)], total_count: 1 });

    const variables = Object.fromEntries(
      [...printed.matchAll(/^(CHANNEL|JOHN|JANE|TOKEN)=(\w+)$/gm)].map(([, ...pair]) => pair),
    );
    writeFileSync(join(folder, 'listen.mjs'), blocks('js')[0]!.replaceAll('3000', String(server.port)));
    const listener = spawn(process.execPath, ['listen.mjs'], { cwd: folder, env: { ...keys, ...variables } });
    let heard = '';
    for (const stream of [listener.stdout, listener.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (heard += text));
    }
    await until(() => heard.includes('listening') || listener.exitCode !== null);
    await run([define!, steps.at(-1)!], { ...keys, ...variables });
    await until(() => heard.split('\n').length > 2 || listener.exitCode !== null);
    listener.kill();
    await once(listener, 'close');
    expect(heard).toBe('listening\nDid you get this?\n');
  });
});

describe('The description of the document', () => {
  it('says once how requests and answers name the same', () => {
    expect(description).toMatch(/`channel_uuid`[^.]*`channel_id`/);
  });
});
