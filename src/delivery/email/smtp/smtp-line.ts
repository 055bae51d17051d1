import { once } from 'node:events';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { SECOND_MS } from '../../../platform/common/durations.js';
import type { DestinationRules } from '../../../platform/common/outbound/outbound-policy.js';
import type { SmtpStage } from './smtp-outcome.js';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** By TLS from the first byte; else by STARTTLS, where the server has it. */
  readonly secure: boolean;
  readonly username: string | null;
  readonly password: string | null;
}

export interface RawMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: Buffer;
}

/** Asked when the server has taken the envelope and no byte of the content was said; false: none ever is. */
export type Permit = () => Promise<boolean>;

/** How far something got. */
export interface Progress {
  stage: SmtpStage;
}

/** Of a reply; all that a server has to say fits into it many times. */
const MAX_REPLY_BYTES = 16 * 1024;
/** To a log-in, or to a mail. */
const MAX_RECEIVED_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** An open connection to a mail server. */
export class SmtpLine {
  /** Whether it still has the envelope of a mail that was refused. */
  needsReset = false;
  private readonly connection: SMTPConnection;
  private readonly lost: Promise<never>;

  constructor(
    private readonly socket: Socket,
    private readonly server: SmtpServer,
    rules: DestinationRules,
    private readonly timeoutMs: number,
  ) {
    this.connection = new SMTPConnection({
      connection: socket,
      host: server.host,
      port: server.port,
      secure: server.secure,
      secured: server.secure,
      // What a client in live mode sends does not travel in the open.
      requireTLS: !server.secure && !rules.http,
      tls: isIP(server.host) === 0 ? { servername: server.host } : {},
      maxResponseSize: MAX_REPLY_BYTES,
      greetingTimeout: 30 * SECOND_MS,
      socketTimeout: 30 * SECOND_MS,
    });
    this.lost = once(this.connection, 'error').then(([error]) => Promise.reject(error as Error));
    // Told by whichever waits for it.
    this.lost.catch(() => undefined);
  }

  /** To be called once, first. */
  logIn(progress: Progress): Promise<void> {
    return this.bounded(async () => {
      await told((done) => this.connection.connect(done));
      progress.stage = 'login';
      const { username, password } = this.server;
      if (username !== null) {
        await told((done) => this.connection.login({ user: username, pass: password ?? '' }, done));
      }
    });
  }

  transmit(mail: RawMail, permit: Permit, progress: Progress): Promise<void> {
    progress.stage = 'envelope';
    return this.bounded(async () => {
      if (this.needsReset) {
        // Where it does not, that says nothing of the next mail.
        await told((done) => this.connection.reset(done)).catch(() => {
          throw new Error('It does not forget a mail that it refused');
        });
        this.needsReset = false;
      }
      await this.say(mail, permit, progress);
    });
  }

  /** Takes its leave, where there still is somebody. */
  close(): void {
    if (!this.connection.destroyed) {
      this.connection.quit();
    }
    this.drop();
  }

  drop(): void {
    this.connection.close();
    this.socket.destroy();
  }

  private say({ envelope, raw }: RawMail, permit: Permit, progress: Progress): Promise<void> {
    const begin = async (): Promise<void> => {
      progress.stage = 'content';
      if (!(await permit())) {
        throw new Error('It must not be sent any more');
      }
    };
    const content = Readable.from(chunksOf(raw, begin));
    content.once('end', () => (progress.stage = 'ended'));
    return new Promise<void>((done, fail) => {
      content.once('error', fail);
      const { from, to } = envelope;
      this.connection.send({ from, to: [...to], size: raw.length }, content, (error) => (error ? fail(error) : done()));
    });
  }

  /** Ends the connection when it takes too long, or when more comes than any mail server says. */
  private async bounded(work: () => Promise<void>): Promise<void> {
    const { socket } = this;
    const before = socket.bytesRead;
    const late = setTimeout(
      () => socket.destroy(new Error(`It takes more than ${this.timeoutMs / 1000} s`)),
      this.timeoutMs,
    );
    const watch = setInterval(() => {
      if (socket.bytesRead - before > MAX_RECEIVED_BYTES) {
        socket.destroy(new Error('It sends more than a mail server says'));
      }
    }, 100);
    try {
      await Promise.race([this.lost, work()]);
    } finally {
      clearTimeout(late);
      clearInterval(watch);
    }
  }
}

function told(work: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise<void>((done, fail) => work((error) => (error ? fail(error) : done())));
}

/** `begin` is called when the first is asked for, which is after the server took the envelope. */
async function* chunksOf(raw: Buffer, begin: () => Promise<void>): AsyncIterable<Buffer> {
  await begin();
  for (let at = 0; at < raw.length; at += CHUNK_BYTES) {
    yield raw.subarray(at, at + CHUNK_BYTES);
  }
}
