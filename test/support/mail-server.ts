import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { until } from './until.js';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly headers: string;
  readonly text: string;
  /** Whom the envelope says it is from. */
  readonly from: string;
  readonly raw: Buffer;
}

/** What is done with one mail: refused with a code at its recipient or at its end, or the connection ends on the way. */
export type MailStep =
  { readonly rcpt: string } | { readonly end: string } | { readonly drop: 'rcpt' | 'content' | 'end' } | 'take';

interface Login {
  readonly username: string;
  readonly password: string;
}

/** A mail server that keeps what it is given, and refuses with `refusal` while there is one. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** What is done with the next mails, one after another; then they are taken. */
  readonly script: MailStep[] = [];
  private readonly sockets = new Set<Socket>();
  refusal: { readonly code: number } | null = null;
  /** Waited for before a recipient is answered. */
  beforeRecipient: (() => Promise<unknown>) | null = null;
  /** How many there were. */
  connections = 0;
  /** How often somebody was refused. */
  refused = 0;
  private readonly server: SMTPServer;

  /** @param login null: whoever comes may send */
  constructor(private login: Login | null = null) {
    this.server = new SMTPServer({
      authOptional: login === null,
      allowInsecureAuth: true,
      closeTimeout: 100,
      onAuth: ({ username, password }, _, done) => {
        const isRight = username === this.login?.username && password === this.login?.password;
        done(isRight ? null : answer('535 5.7.8 Wrong user or password'), { user: username });
      },
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onRcptTo: (_, session, done) => {
        const [step] = this.script;
        if (step !== undefined && step !== 'take' && 'drop' in step && step.drop === 'rcpt') {
          this.script.shift();
          this.socketOf(session)?.destroy();
        } else if (step !== undefined && step !== 'take' && 'rcpt' in step) {
          this.script.shift();
          done(answer(step.rcpt));
        } else if (this.refusal === null) {
          void (this.beforeRecipient?.() ?? Promise.resolve()).then(() => done());
        } else {
          this.refused += 1;
          done(answer(`${this.refusal.code} Not now`));
        }
      },
      onData: (stream, session, done) => {
        const step = this.script.shift() ?? 'take';
        const isDropped = step !== 'take' && 'drop' in step;
        const hangUp = () => this.socketOf(session)?.destroy();
        if (isDropped && step.drop === 'content') {
          stream.resume();
          hangUp();
          return;
        }
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          const [headers = '', ...body] = raw.toString('utf8').split('\r\n\r\n');
          const { rcptTo, mailFrom } = session.envelope;
          const to = rcptTo.map(({ address }) => address);
          const from = mailFrom === false ? '' : mailFrom.address;
          const text = plain(headers, body.join('\r\n\r\n'));
          if (step !== 'take' && 'end' in step) {
            done(answer(step.end));
            return;
          }
          this.received.push({ to, from, headers, text, raw });
          if (isDropped) {
            hangUp();
          } else {
            done();
          }
        });
      },
    });
    this.server.server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('error', () => undefined);
  }

  /** From now on, whoever says this may send. */
  allow(login: Login): void {
    this.login = login;
  }

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server.server, 'listening');
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** On everybody, and waits until they are gone. */
  async hangUp(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await until(() => this.sockets.size === 0);
  }

  private socketOf({ remotePort }: SMTPServerSession): Socket | undefined {
    return [...this.sockets].find((socket) => socket.remotePort === remotePort);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  to(email: string): readonly ReceivedMail[] {
    return this.received.filter(({ to }) => to.includes(email));
  }

  /** The newest to this address, once there are `count`. */
  async next(email: string, count = 1): Promise<ReceivedMail> {
    return until(() => (this.to(email).length >= count ? this.to(email).at(-1) : null));
  }

  /** The token in the link of that mail. */
  async token(email: string, count = 1): Promise<string> {
    return tokenIn(await this.next(email, count));
  }
}

export function tokenIn({ text }: ReceivedMail): string {
  const token = /#token=(\w+)/.exec(text)?.[1];
  if (token === undefined) {
    throw new Error(`No link in: ${text}`);
  }
  return token;
}

/** `550 No such user` */
function answer(reply: string): Error {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}

function plain(headers: string, body: string): string {
  return /quoted-printable/i.test(headers)
    ? body.replace(/=\r\n/g, '').replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : body;
}
