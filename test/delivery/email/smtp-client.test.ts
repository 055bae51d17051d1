import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  SmtpClient,
  type RawMail,
  type SmtpServer,
  type SmtpSession,
} from '../../../src/delivery/email/smtp/smtp-client.js';
import { MailServer } from '../../support/mail-server.js';

const LOCAL = { http: true, loopback: true };
const LIVE = { http: false, loopback: true };
const resolve = (host: string) =>
  Promise.resolve([{ address: host === 'inside.example' ? '10.0.0.1' : '127.0.0.1', family: 4 }]);
const client = new SmtpClient(resolve);
const MAIL: RawMail = {
  envelope: { from: 'bounce@shop.example', to: ['anna@example.org', 'bert@example.org'] },
  raw: Buffer.from('From: support@shop.example\r\nSubject: Hi\r\n\r\nHello\r\n.a line with a dot\r\n'),
};

function at(url: string, more: Partial<SmtpServer> = {}): SmtpServer {
  const { port } = new URL(url);
  return { host: '127.0.0.1', port: Number(port), secure: false, username: null, password: null, ...more };
}

describe('handing in a mail', () => {
  const login = { username: 'support@shop.example', password: 'correct horse' };
  let mails: MailServer;
  let url: string;
  beforeEach(async () => {
    mails = new MailServer(login);
    url = await mails.start();
  });
  afterEach(() => mails.stop());
  const send = (more: Partial<SmtpServer> = {}, mail: Partial<RawMail> = {}) =>
    client.send(at(url, { ...login, ...more }), LOCAL, { ...MAIL, ...mail });

  it('is done once the server has taken it', async () => {
    expect(await send()).toMatchObject({ kind: 'accepted', status: 'sent' });
    expect(mails.received).toMatchObject([
      { from: 'bounce@shop.example', to: ['anna@example.org', 'bert@example.org'] },
    ]);
    expect(mails.received[0]!.raw).toEqual(MAIL.raw);
  });

  it('takes large ones', async () => {
    const raw = Buffer.from(`Subject: Large\r\n\r\n${'0123456789abcdef\r\n'.repeat(300_000)}`);
    expect(await send({}, { raw })).toMatchObject({ kind: 'accepted' });
    expect(mails.received[0]!.raw.equals(raw)).toBe(true);
  });

  it.each([
    [
      'a recipient that is not there',
      { rcpt: '550 5.1.1 No such user' },
      { kind: 'refused', errorCode: 'unreachable', providerCode: '550' },
    ],
    ['greylisting', { rcpt: '451 4.7.1 Later' }, { kind: 'later' }],
    ['a full disk', { end: '452 4.3.1 Full' }, { kind: 'later' }],
    ['content that is not wanted', { end: '554 5.7.1 Spam' }, { kind: 'refused', errorCode: 'blocked' }],
    ['a server that goes away', { rcpt: '421 4.3.2 Closing' }, { kind: 'account' }],
    ['a connection lost in the middle', { drop: 'content' }, { kind: 'later' }],
    ['a connection lost after the end', { drop: 'end' }, { kind: 'unknown' }],
  ] as const)('%s', async (_, step, outcome) => {
    // The first recipient is refused, and with it the only one.
    mails.script.push(step);
    const raw = Buffer.from(`Subject: Large\r\n\r\n${'0123456789abcdef\r\n'.repeat(200_000)}`);
    const envelope = { from: 'bounce@shop.example', to: ['anna@example.org'] };
    expect(await send({}, { envelope, ...('drop' in step && step.drop === 'content' ? { raw } : {}) })).toMatchObject(
      outcome,
    );
  });

  it('pauses the account that is not let in', async () => {
    const outcome = await send({ password: 'wrong' });
    expect(outcome).toMatchObject({ kind: 'account', errorCode: 'provider_auth', providerCode: '535' });
    expect(await client.logIn(at(url, { ...login, password: 'wrong' }), LOCAL)).toEqual(outcome);
    expect(await client.logIn(at(url, login), LOCAL)).toMatchObject({ kind: 'accepted' });
    expect(mails.received).toEqual([]);
  });

  it('sends nothing in the open for a client in live mode', async () => {
    expect(await client.send(at(url, login), LIVE, MAIL)).toMatchObject({
      kind: 'later',
      errorCode: 'provider_unreachable',
    });
    expect(mails.received).toEqual([]);
  });

  it.each(['10.0.0.1', '169.254.169.254', '[::1]', 'inside.example', 'localhost'])(
    'does not go to %s',
    async (host) => {
      const rules = { http: true, loopback: false };
      expect(await client.send(at(url, { host }), rules, MAIL)).toMatchObject({
        ...{ kind: 'later', errorCode: 'provider_unreachable' },
      });
      expect(mails.received).toEqual([]);
    },
  );
});

describe('handing in several mails', () => {
  const login = { username: 'support@shop.example', password: 'correct horse' };
  const nobody = { rcpt: '550 5.1.1 No such user' };
  let mails: MailServer;
  let session: SmtpSession;
  beforeEach(async () => {
    mails = new MailServer(login);
    session = client.session(at(await mails.start(), login), LOCAL);
  });
  afterEach(async () => {
    session.close();
    await mails.stop();
  });
  const to = (...names: string[]): RawMail => ({
    ...MAIL,
    envelope: { from: 'bounce@shop.example', to: names.map((name) => `${name}@example.org`) },
  });
  /** How it went with each, and whom the server knows to have been written to. */
  const send = async (...names: string[]): Promise<string[]> => {
    const kinds: string[] = [];
    for (const name of names) {
      kinds.push((await session.send(to(name))).kind);
    }
    return kinds;
  };
  const written = () => mails.received.map((mail) => mail.to.join()).map((email) => email.replace('@example.org', ''));

  it('takes one connection, in which they logged in once', async () => {
    expect(mails.connections).toBe(0);
    expect(await send('a', 'b', 'c')).toEqual(['accepted', 'accepted', 'accepted']);
    expect(written()).toEqual(['a', 'b', 'c']);
    expect(mails.connections).toBe(1);
  });

  it('goes on after one that was refused', async () => {
    mails.script.push('take', nobody, { end: '554 5.7.1 Spam' });
    expect(await send('a', 'b', 'c', 'd')).toEqual(['accepted', 'refused', 'refused', 'accepted']);
    expect(written()).toEqual(['a', 'd']);
    expect(mails.connections).toBe(1);
  });

  it.each([
    ['says that it had enough', () => mails.script.push('take', { rcpt: '421 4.7.0 Too many mails' })],
    ['hangs up at the recipient', () => mails.script.push('take', { drop: 'rcpt' })],
    ['hangs up before the next', null],
  ] as const)('takes another connection where the server %s', async (_, prepare) => {
    prepare?.();
    expect(await send('a')).toEqual(['accepted']);
    if (!prepare) {
      await mails.hangUp();
    }
    let asked = 0;
    const permit = () => Promise.resolve((asked += 1) > 0);
    expect(await session.send(to('b'), permit)).toMatchObject({ kind: 'accepted' });
    expect([written(), asked, mails.connections]).toEqual([['a', 'b'], 1, 2]);
  });

  it('asks a new connection no second time', async () => {
    mails.script.push({ rcpt: '421 4.7.0 Not now' });
    expect(await send('a')).toEqual(['account']);
    mails.script.push('take', { rcpt: '421 4.7.0 Enough' }, { rcpt: '421 4.7.0 Not now' });
    expect(await send('b', 'c')).toEqual(['accepted', 'account']);
    expect(written()).toEqual(['b']);
  });

  it('does not send again what was begun', async () => {
    mails.script.push('take', { drop: 'end' });
    expect(await send('a', 'b', 'c')).toEqual(['accepted', 'unknown', 'accepted']);
    expect(written()).toEqual(['a', 'b', 'c']);
    expect(mails.connections).toBe(2);
  });

  it('says nothing of what must not be sent any more, nor of the next in its place', async () => {
    expect(await send('a')).toEqual(['accepted']);
    expect(await session.send(to('b'), () => Promise.resolve(false))).toMatchObject({ kind: 'later' });
    expect(await send('c')).toEqual(['accepted']);
    expect(written()).toEqual(['a', 'c']);
  });
});

describe('a server that is none', () => {
  let server: Server;
  let behave: (socket: Socket) => void;
  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      behave(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });
  const hurried = new SmtpClient(resolve, 1_000);
  const send = () => hurried.send(at(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`), LOCAL, MAIL);

  it('greets without end', async () => {
    behave = (socket) => {
      const line = Buffer.from(`220-${'a'.repeat(65_000)}\r\n`);
      const pour = () => {
        while (!socket.destroyed && socket.write(line)) {
          // Until it says that it has enough.
        }
      };
      socket.on('drain', pour);
      pour();
    };
    expect(await send()).toMatchObject({ kind: 'later', errorCode: 'provider_unreachable' });
  });

  it('says nothing, or a letter now and then', async () => {
    behave = (socket) => {
      const drip = setInterval(() => socket.write('2'), 20);
      socket.once('close', () => clearInterval(drip));
    };
    expect(await send()).toMatchObject({ kind: 'later', errorCode: 'provider_unreachable' });
  });

  it('speaks another language, which nobody is told', async () => {
    behave = (socket) => socket.end('-ERR secret banner of a database\r\n');
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'later', errorCode: 'provider_unreachable' });
    expect(JSON.stringify(outcome)).not.toContain('banner');
  });

  it('hangs up', async () => {
    behave = (socket) => socket.destroy();
    expect(await send()).toMatchObject({ kind: 'later' });
  });
});
