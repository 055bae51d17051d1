import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ImapSession, type SessionTimes } from '../../src/delivery/email/imap/imap-session.js';
import { MAIL_LIMITS } from '../../src/delivery/email/reading/mail-limits.js';
import { MailServer } from '../support/mail-server.js';

const LOCAL = { http: true, loopback: true };
const LIVE = { http: false, loopback: true };
/** What hangs is cut off after a second here; what is to be there in time has as long as it takes. */
const HURRIED = { stepMs: 1_000, mailMs: 1_000, idleMs: 1_000, pollMs: 1_000 };
const PATIENT = { stepMs: 60_000, mailMs: 60_000, idleMs: 60_000, pollMs: 60_000 };
const LOGIN = { username: 'support@shop.example', password: 'correct-horse' };
const resolve = (host: string) =>
  Promise.resolve([{ address: host === 'inside.example' ? '10.0.0.1' : '127.0.0.1', family: 4 }]);
const MB = 1024 * 1024;

type Line = (tag: string, line: string, socket: Socket) => void;

/** Answers as a server with one mail of 10 bytes, but where `odd` answers first. */
class ImapServer {
  readonly lines: string[] = [];
  greeting = '* OK ready';
  capability = 'IMAP4rev1 IDLE';
  /** By the command. */
  odd: Record<string, Line> = {};
  private server!: Server;
  private readonly sockets = new Set<Socket>();

  async start(): Promise<number> {
    this.server = createServer((socket) => this.serve(socket)).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(`${this.greeting}\r\n`);
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop()!;
      lines.forEach((line) => this.answer(line, socket));
    });
  }

  private answer(line: string, socket: Socket): void {
    this.lines.push(line);
    const [, tag = '', command = ''] = /^(\S+) ((?:UID )?\S+)/.exec(line) ?? [];
    const say = (...untagged: string[]) =>
      socket.write([...untagged.map((one) => `* ${one}`), `${tag} OK done`, ''].join('\r\n'));
    const odd = this.odd[command];
    if (odd) {
      return odd(tag, line, socket);
    }
    switch (command) {
      case 'CAPABILITY':
        return void say(`CAPABILITY ${this.capability}`);
      case 'LIST':
        return void say('LIST () "/" INBOX');
      case 'EXAMINE':
        return void say('1 EXISTS', 'OK [UIDVALIDITY 7] ok', 'OK [UIDNEXT 2] ok');
      case 'UID SEARCH':
        return void say('SEARCH 1');
      case 'UID FETCH':
        return void say(`1 FETCH (UID 1 RFC822.SIZE 10 BODY[]<0> {10}\r\nSubject: x)`);
      default:
        return void say();
    }
  }
}

/** Says the same again and again, for as long as it is listened to. */
function pour(socket: Socket, text: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(text)) {
      // Until it has enough for now.
    }
  };
  socket.on('drain', more);
  more();
}

let server: ImapServer;
let port: number;
const ending = new AbortController();
beforeEach(async () => {
  server = new ImapServer();
  port = await server.start();
});
afterEach(() => server.stop());
const open = (times: SessionTimes, rules = LOCAL, host = '127.0.0.1') =>
  ImapSession.open({ host, port, secure: false, ...LOGIN }, rules, resolve, ending.signal, times);

describe('a mailbox', () => {
  it('is opened to be read only, and so are its mails', async () => {
    const session = await open(PATIENT);
    expect([session.uidValidity, await session.nextUid(), await session.uidsAfter(0)]).toEqual(['7', 2, [1]]);
    expect(await session.uidsAfter(1)).toEqual([]);
    expect(await session.describe([1, 2])).toMatchObject([{ uid: 1, size: 10 }]);
    expect(String(await session.fetch(1))).toBe('Subject: x');
    expect(server.lines.join('\n')).not.toMatch(/ SELECT |BODY\[| (STORE|MOVE|COPY|EXPUNGE)/);
    session.close();
  });

  it('tells of news once, however they come between two looks', async () => {
    const session = await open(PATIENT);
    server.odd['IDLE'] = (_, __, socket) => socket.write('+ idling\r\n* 2 EXISTS\r\n');
    await session.uidsAfter(0);
    await session.wait();
    session.close();
  });

  it('is not opened by what is said in the open, where a client is in live mode', async () => {
    await expect(open(PATIENT, LIVE)).rejects.toThrow();
    server.capability = 'IMAP4rev1 STARTTLS';
    server.odd['STARTTLS'] = (tag, _, socket) => socket.write(`${tag} NO not now\r\n`);
    await expect(open(PATIENT, LIVE)).rejects.toThrow();
    server.greeting = '* PREAUTH ready';
    await expect(open(PATIENT, LIVE)).rejects.toThrow();
    expect(server.lines.join('\n')).not.toMatch(/LOGIN|AUTHENTICATE|EXAMINE|correct-horse/);
  });

  it.each(['10.0.0.1', '169.254.169.254', '::1', 'inside.example', 'localhost'])('is not at %s', async (host) => {
    await expect(open(PATIENT, { http: true, loopback: false }, host)).rejects.toThrow('public address');
    expect(server.lines).toEqual([]);
  });
});

describe('a server that is none is cut off', () => {
  it.each<[string, (its: ImapServer) => void]>([
    ['says nothing', (its) => (its.odd['CAPABILITY'] = () => undefined)],
    ['speaks another language', (its) => (its.greeting = '-ERR secret banner')],
    [
      'says a letter now and then',
      (its) =>
        (its.odd['EXAMINE'] = (_, __, socket) => {
          const drip = setInterval(() => socket.write('* OK x\r\n'), 20);
          socket.once('close', () => clearInterval(drip));
        }),
    ],
  ])('that %s', async (_, behave) => {
    behave(server);
    await expect(open(HURRIED)).rejects.toThrow(/^It (takes more than 1 s|does not answer as an IMAP server)$/);
  });

  it.each<[string, (its: ImapServer) => void, RegExp]>([
    ['greets without end', (its) => (its.greeting = 'a'.repeat(40 * MB)), /more than an IMAP server says/],
    ['hangs up', (its) => (its.odd['EXAMINE'] = (_, __, socket) => socket.destroy()), /ended the connection/],
    [
      'does not let in',
      (its) =>
        (its.odd['LOGIN'] = (tag, _, socket) => socket.write(`${tag} NO [AUTHENTICATIONFAILED] Who is that\r\n`)),
      /^Who is that$/,
    ],
    [
      'says more and more',
      (its) => (its.odd['EXAMINE'] = (_, __, socket) => pour(socket, `* OK ${'x'.repeat(60_000)}\r\n`)),
      /more than/,
    ],
    [
      'announces a gigabyte',
      (its) => (its.odd['EXAMINE'] = (_, __, socket) => socket.write('* OK {1073741824}\r\n')),
      /more than an IMAP server says/,
    ],
  ])('that %s', async (_, behave, problem) => {
    behave(server);
    await expect(open(PATIENT)).rejects.toThrow(problem);
  });

  it('that is a mail server of another kind, which nobody is told', async () => {
    const mails = new MailServer();
    port = Number(new URL(await mails.start()).port);
    const problem = await open(HURRIED).catch((error: Error) => error.message);
    await mails.stop();
    expect(problem).toMatch(/^It (takes more than 1 s|does not answer as an IMAP server)$/);
  });

  it('that has a mail without end, or one that is larger than it said', async () => {
    const session = await open(PATIENT);
    server.odd['UID FETCH'] = (_, __, socket) => {
      socket.write(`* 1 FETCH (UID 1 BODY[]<0> {${1024 * MB}}\r\n`);
      pour(socket, 'x'.repeat(60_000));
    };
    await expect(session.fetch(1)).rejects.toThrow('more than an IMAP server says');
    server.odd['UID FETCH'] = (tag, _, socket) => {
      const size = MAIL_LIMITS.rawBytes + 1;
      socket.write(`* 1 FETCH (UID 1 BODY[]<0> {${size}}\r\n${'x'.repeat(size)})\r\n${tag} OK done\r\n`);
    };
    const other = await open(PATIENT);
    expect(await other.fetch(1)).toBe('too_large');
    other.close();
  });
});
