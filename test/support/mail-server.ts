import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { until } from './until.js';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly headers: string;
  readonly text: string;
}

/** A mail server that keeps what it is given, and refuses with `refusal` while there is one. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  refusal: { readonly code: number } | null = null;
  /** How often somebody was refused. */
  refused = 0;
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: (_, __, done) => {
      if (this.refusal === null) {
        done();
        return;
      }
      this.refused += 1;
      done(Object.assign(new Error('Not now'), { responseCode: this.refusal.code }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [headers = '', ...body] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
        const to = session.envelope.rcptTo.map(({ address }) => address);
        this.received.push({ to, headers, text: plain(headers, body.join('\r\n\r\n')) });
        done();
      });
    },
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server.server, 'listening');
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
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

function plain(headers: string, body: string): string {
  return /quoted-printable/i.test(headers)
    ? body.replace(/=\r\n/g, '').replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : body;
}
