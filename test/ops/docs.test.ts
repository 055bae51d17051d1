import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/given.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));

/** The lines for a shell of a page, as they stand there, but for those that need an account or a host of the reader's own. */
function shellLines(page: string): string {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines]) => lines!);
  return blocks
    .filter((lines) => !/…|example\.com\//.test(lines))
    .join('\n')
    .replaceAll('http://localhost:3000', server.url);
}

interface Done {
  /** The status of each request, in their order. */
  readonly statuses: readonly string[];
  readonly printed: string;
  /** What the page keeps in names of its own. */
  readonly kept: Readonly<Record<string, string>>;
}

/** Does what a reader does who pastes all of a page. */
async function paste(page: string): Promise<Done> {
  const script = [
    `curl() { command curl -w '%{stderr}%{http_code}\\n' "$@"; }`,
    shellLines(page),
    'echo; echo KEPT; compgen -v | grep -E "^[A-Z]+$" | while read name; do echo "$name=${!name}"; done',
  ].join('\n');
  const env = { PATH: process.env.PATH };
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', script], { env });
  const [printed, kept] = stdout.split('\nKEPT\n') as [string, string];
  const pairs = kept.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2));
  return { statuses: stderr.trim().split('\n'), printed, kept: Object.fromEntries(pairs) as Record<string, string> };
}

describe('What the docs tell to paste', () => {
  it('sends a text, hears the answer and reads both in the core API', async () => {
    const { statuses, printed, kept } = await paste('sms.md');
    expect(statuses.filter((status) => !/^20[0-2]$/.test(status))).toEqual([]);
    expect(statuses.length).toBeGreaterThan(8);
    expect(printed).toContain('"content":"Hi!"');
    const { TOKEN, WORKSPACE, SID } = kept;
    const path = `${server.url}/api/ui/workspaces/${WORKSPACE}/messages/${SID}`;
    const status = async () => {
      const { body } = await call(path, 'GET', undefined, { authorization: `Bearer ${TOKEN}` });
      return (body as { status: string }).status;
    };
    await until(async () => (await status()) === 'delivered');
  });

  it('makes documents of texts, questions and files, and finds what they say', async () => {
    const { statuses, printed } = await paste('ai.md');
    expect(statuses.filter((status) => !/^20[0-4]$/.test(status))).toEqual([]);
    expect(statuses.length).toBeGreaterThan(10);
    const said = printed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
    expect(said).toMatchObject([
      { data: { type: 'qa', status: 'ready' } },
      { data: { type: 'file', file_name: 'care.md' } },
      { data: [{ title: 'Returns', score: 1 }], retrieval: 'text' },
      { data: [{ title: 'Delivery' }], meta: { total: 1 } },
      ...[{ data: { status: 'paused', is_priority: true } }, { data: { title: 'Returns' } }],
    ]);
  });

  it('makes contacts, answers who writes, and reads how much that was', async () => {
    const { statuses, printed } = await paste('engagement.md');
    expect(statuses.filter((status) => !/^20[0-24]$/.test(status))).toEqual([]);
    expect(statuses.length).toBeGreaterThan(28);
    const said = printed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
    const anna = { first_name: 'Anna', email: 'anna@example.com', tags: [{ name: 'VIP' }] };
    expect(said).toMatchObject([
      { number: '+15005550006' },
      ...[{ data: [anna], meta: { total: 1 } }, { data: anna }, { data: { ...anna, lead_score: 80, company: 'Acme' } }],
      { data: { imported: 1, created: 1, updated: 0, skipped: 0, errors: [] } },
      ...[{ data: [{ name: 'VIP', contacts_count: 2 }] }, { data: { name: 'Fair', color: '#6b7280' } }],
      {},
      { data: { status: 'open', channel: 'sms' }, messages: [{ type: 'message', body_text: 'Where is my order?' }] },
      { data: { priority: 'high', is_starred: true } },
      { data: { assigned_to: { name: 'Mia' } }, message: 'Conversation assigned to Mia.' },
      ...[{ data: [{ shortcut: '/greet', scope: 'personal' }] }, { data: { scope: 'team' } }],
      { data: { type: 'note', body_text: 'It is on its way.' } },
      { data: { type: 'reply', body_text: 'It comes tomorrow.', sender: { name: 'Mia' } } },
      { data: expect.any(Array), meta: { total: expect.any(Number) } },
      { data: { status: 'closed', priority: 'high' }, message: 'Conversation closed.' },
      { data: { first_name: 'Anna', phone: '+14155552671', conversations_count: 1 } },
      {},
      { data: { first_name: 'Anna', conversations_count: 2 } },
      { data: { preview: 'Me again.', messages_count: 3, status: 'open' } },
      { data: { conversations: { total: 2, closed: 1 }, contacts: { total: 2 } } },
      { data: [{ name: 'Mia', conversations_handled: 1, replies: 1 }] },
      { message: 'Deleted.' },
    ]);
    expect(printed).toContain('First Name,Last Name,Email,');
  });
});
