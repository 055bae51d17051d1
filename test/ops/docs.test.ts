import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { aiServer, says, type AiServer } from '../support/ai-server.js';
import { call } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { freePort } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
let ai: AiServer;
beforeAll(async () => {
  ai = await aiServer(says('Two years.'));
});
afterAll(() => ai.close());
/** What the pages have at port 2525. */
const mails = new MailServer();
let mailPort: string;
beforeAll(async () => {
  mailPort = new URL(await mails.start()).port;
});
afterAll(() => mails.stop());

function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, lines]) => (of === language ? [lines!] : []));
}

/** What a page that starts a mail server of its own has at port 2526. */
let ownPort: number;
beforeAll(async () => {
  ownPort = await freePort();
});

/** The lines for a shell of a page, as they stand there, but for those that need an account or a host of the reader's own. */
function shellLines(page: string): string {
  return blocksOf(page, 'sh')
    .filter((lines) => !/…|example\.com\//.test(lines))
    .join('\n')
    .replaceAll('http://localhost:11434/v1', ai.url)
    .replaceAll('2525', mailPort)
    .replaceAll('2526', String(ownPort));
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
    // What a page starts ends with it.
    `trap 'kill $(jobs -p) 2> /dev/null' EXIT`,
    // The server calls itself so, too.
    `curl() { command curl -w '%{stderr}%{http_code}\\n' "\${@//http:\\/\\/localhost:3000/${server.url}}"; }`,
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

  it('makes documents of texts, questions and files, finds what they say, and has a model answer from them', async () => {
    const { statuses, printed } = await paste('ai.md');
    expect(statuses.filter((status) => !/^20[0-4]$/.test(status))).toEqual([]);
    expect(statuses.length).toBeGreaterThan(10);
    const said = printed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
    // The file is found as well, if it is read by then.
    const sources = ['Warranty', 'Delivery'].map((title): unknown => expect.objectContaining({ title }));
    expect(said).toMatchObject([
      { data: { type: 'qa', status: 'ready' } },
      { data: { type: 'file', file_name: 'care.md' } },
      { data: expect.arrayContaining([expect.objectContaining({ title: 'Returns', score: 1 })]), retrieval: 'text' },
      { data: [{ title: 'Delivery' }], meta: { total: 1 } },
      ...[{ data: { status: 'paused', is_priority: true } }, { data: { title: 'Returns' } }],
      ...[{ data: { title: 'Warranty' } }, { data: { source: 'workspace', chat_model: 'llama3.2' } }],
      {
        data: { reply: 'Two years.', sources_used: expect.arrayContaining(sources), retrieval: 'text' },
      },
      { data: { sentiment: 'positive', provider: 'local' } },
      { data: { tokens_used: 220, monthly_token_limit: 1_000_000 } },
      { data: { replies_generated: 1, replies_used: 0, sentiment_analyses: 1 } },
    ]);
  });

  it('shows the mails that it is given', async () => {
    const [lines] = blocksOf('engagement.md', 'js');
    const script = lines!.replace('listen(2525)', 'listen(0, function () { console.log(this.address().port) })');
    const mailbox = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      mailbox.stdout.setEncoding('utf8');
      const [port] = (await once(mailbox.stdout, 'data')) as [string];
      let shown = '';
      mailbox.stdout.on('data', (text: string) => (shown += text));
      const transport = createTransport({ host: '127.0.0.1', port: Number(port) });
      await transport.sendMail({ from: 'a@example.org', to: 'b@example.org', subject: 'Hi', text: 'Hello' });
      await until(() => /^Subject: Hi$.*^Hello$/ms.test(shown.replaceAll('\r', '')));
    } finally {
      mailbox.kill();
    }
  });

  it('sends a campaign, and tells what became of it', async () => {
    const { statuses, printed } = await paste('campaigns.md');
    expect(statuses.filter((status) => !/^(20[0-2]|302)$/.test(status))).toEqual([]);
    const said = printed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
    const [anna, bert, cleo] = ['anna', 'bert', 'cleo'].map((name) => ({ email: `${name}@example.com` }));
    const counts = { recipients_count: 3, skipped_count: 1, sent_count: 2, unsubscribed_count: 1 };
    expect(said).toMatchObject([
      ...[{ data: { email: 'news@acme.example' } }, { data: anna }, { data: bert }, { data: cleo }],
      { data: { matching: 3, unsubscribed: 1, will_receive: 2 } },
      { data: { subject: 'Hello Anna!' } },
      { data: { emails: ['ada@example.com'] } },
      { data: { status: 'sending' }, message: 'Campaign sending has started.' },
      {
        data: [
          ...[
            { ...anna, status: 'sent' },
            { ...bert, status: 'sent' },
          ],
          { ...cleo, status: 'skipped', error: 'unsubscribed' },
        ],
      },
      { data: { ...counts, by_link: [{ url: 'https://acme.example/april' }] } },
      {
        data: [
          { ...bert, source: 'campaign' },
          { ...cleo, source: 'contact' },
        ],
      },
      ...['dora', 'emil', 'fred', 'gina'].map((name) => ({ data: { email: `${name}@example.com` } })),
      { data: { type: 'ab_test', status: 'sending' } },
      { data: { recipients_count: 4, held_count: 1, by_variant: [{ sent_count: 2 }, { sent_count: 1 }] } },
      { data: { winner: 'B' }, message: 'Winner chosen.' },
      { data: { sent_count: 4, held_count: 0, by_variant: [{ sent_count: 2 }, { sent_count: 2 }] } },
    ]);
  });

  it('has a workflow greet who comes', async () => {
    const { statuses, printed } = await paste('workflows.md');
    expect(statuses.filter((status) => !/^20[0-1]$/.test(status))).toEqual([]);
    const said = printed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
    expect(said).toMatchObject([
      { data: { name: 'Welcome', status: 'active' } },
      {
        data: {
          state: 'completed',
          steps: [
            ...[
              { id: 'vip', status: 'completed' },
              { id: 'tag', status: 'completed' },
            ],
            { id: 'field', status: 'completed' },
          ],
        },
      },
      { data: { first_name: 'Anna', tags: [{ name: 'VIP' }], custom_fields: { greeted: 'Anna came' } } },
    ]);
  });

  it('makes contacts, answers who writes, and reads how much that was', async () => {
    const { statuses, printed, kept } = await paste('engagement.md');
    expect(statuses.filter((status) => !/^20[0-24]$/.test(status))).toEqual([]);
    expect(statuses.length).toBeGreaterThan(40);
    const said = printed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
    const anna = { first_name: 'Anna', email: 'anna@example.com', tags: [{ name: 'VIP' }] };
    expect(said).toMatchObject([
      { data: { ok: true, error: null } },
      {
        data: { status: 'open', channel: 'email', subject: 'Where is my order?', contact: { name: 'Ben' } },
        messages: [{ type: 'message', body_text: 'It was to come on Monday.' }],
      },
      { data: { type: 'reply', body_text: 'It comes tomorrow.', delivery: expect.any(Object) } },
      ...[{ data: [anna], meta: { total: 1 } }, { data: anna }, { data: { ...anna, lead_score: 80, company: 'Acme' } }],
      { data: { imported: 1, created: 1, updated: 0, skipped: 0, errors: [] } },
      ...[{ data: [{ name: 'VIP', contacts_count: 2 }] }, { data: { name: 'VIP' } }],
      ...[{ data: { name: 'Fair', color: '#6b7280' } }],
      { data: { status: 'open', channel: 'email', subject: 'Welcome', messages_count: 1 } },
      ...[{ number: '+15005550006' }, {}],
      { data: { status: 'open', channel: 'sms' }, messages: [{ type: 'message', body_text: 'Where is my order?' }] },
      { data: { priority: 'high', is_starred: true } },
      { data: { assigned_to: { name: 'Mia' } }, message: 'Conversation assigned to Mia.' },
      ...[{ data: [{ shortcut: '/greet', scope: 'personal' }] }, { data: { scope: 'personal' } }],
      { data: { scope: 'team' } },
      { data: { type: 'note', body_text: 'It is on its way.' } },
      { data: { type: 'reply', body_text: 'It comes tomorrow.', sender: { name: 'Mia' } } },
      { data: expect.any(Array), meta: { total: expect.any(Number) } },
      { data: { status: 'closed', priority: 'high' }, message: 'Conversation closed.' },
      { data: { first_name: 'Anna', phone: '+14155552671', conversations_count: 2 } },
      {},
      { data: { first_name: 'Anna', conversations_count: 3 } },
      { data: { preview: 'Me again.', messages_count: 3, status: 'open' } },
      { data: { conversations: { total: 4, closed: 2 }, contacts: { total: 3 } } },
      { data: [{ name: 'Mia', conversations_handled: 2, replies: 3 }] },
      { data: Array<object>(7).fill({ date: expect.any(String), value: expect.any(Number) }) },
      { message: 'Deleted.' },
    ]);
    expect(printed).toContain('First Name,Last Name,Email,');
    const [answer] = await until(() => (mails.to('ben@example.org').length > 0 ? mails.to('ben@example.org') : null));
    expect(answer!.headers).toMatch(/^Subject: Re: Where is my order\?$/m);
    expect(answer!.headers).toMatch(/^In-Reply-To: <1@example\.org>$/m);
    expect(answer!.raw.toString()).toContain('<p>It comes <b>tomorrow</b>.</p>');
    expect(mails.to('mia@example.com')).toHaveLength(1);
    await mails.next('anna@example.com');
    const headers = { authorization: `Bearer ${kept.TOKEN}` };
    await until(async () => {
      const { body } = await call(`${server.url}/api/v1/conversations/${kept.THREAD}`, 'GET', undefined, headers);
      const { messages } = body as { messages: { delivery: { status: string } | null }[] };
      return messages.some(({ delivery }) => delivery?.status === 'sent');
    });
  });
});
