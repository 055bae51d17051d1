import { once } from 'node:events';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { SECOND_MS } from '../../../platform/common/durations.js';
import { dial } from '../../../platform/common/outbound/dial.js';
import type { Resolve } from '../../../platform/common/outbound/names.js';
import type { DestinationRules } from '../../../platform/common/outbound/outbound-policy.js';
import { smtpOutcome, type SmtpOutcome, type SmtpStage } from './smtp-outcome.js';

/** Ports that mail is handed in at; others belong to servers of another kind. */
export const SMTP_PORTS: readonly number[] = [25, 465, 587, 2525];

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

interface SmtpError extends Error {
  readonly responseCode?: number;
  readonly response?: string;
}

/** For the whole of it. */
const TIMEOUT_MS = 60 * SECOND_MS;
/** Of a reply; all that a server has to say fits into it many times. */
const MAX_REPLY_BYTES = 16 * 1024;
const MAX_RECEIVED_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** Speaks to mail servers whose address a client chose. */
export class SmtpClient {
  constructor(
    private readonly resolve: Resolve,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /**
   * Hands in one mail, once.
   * @param permit asked when the server has taken the envelope and no byte of the content was said; false: none ever is
   */
  async send(
    server: SmtpServer,
    rules: DestinationRules,
    mail: RawMail,
    permit: () => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<SmtpOutcome> {
    let stage: SmtpStage = 'connecting';
    return this.outcome(
      () => stage,
      server,
      rules,
      async (connection) => {
        stage = 'login';
        await logIn(connection, server);
        stage = 'envelope';
        await transmit(connection, mail, permit, (now) => (stage = now));
      },
    );
  }

  /** Whether it lets us in; nothing is sent. */
  async logIn(server: SmtpServer, rules: DestinationRules): Promise<SmtpOutcome> {
    let stage: SmtpStage = 'connecting';
    return this.outcome(
      () => stage,
      server,
      rules,
      async (connection) => {
        stage = 'login';
        await logIn(connection, server);
      },
    );
  }

  private async outcome(
    stage: () => SmtpStage,
    server: SmtpServer,
    rules: DestinationRules,
    work: (connection: SMTPConnection) => Promise<void>,
  ): Promise<SmtpOutcome> {
    let socket: Socket | undefined;
    try {
      socket = await dial({ ...server, tls: server.secure }, rules, this.resolve);
      await this.bounded(socket, () => converse(socket!, server, rules, work));
      return { kind: 'accepted', providerMessageId: '', status: 'sent' };
    } catch (error) {
      const { responseCode: code = null, response, message } = error as SmtpError;
      // Who answers otherwise may be no mail server, and what it says is nobody's business.
      const words = response === undefined ? message : 'It does not answer as a mail server';
      const text = code === null ? words : (response ?? '').replace(/^\d{3}[ -]?/, '');
      return smtpOutcome({ stage: stage(), code, text });
    } finally {
      socket?.destroy();
    }
  }

  /** Ends the connection when it takes too long, or when more comes than any mail server says. */
  private async bounded<T>(socket: Socket, work: () => Promise<T>): Promise<T> {
    const late = setTimeout(
      () => socket.destroy(new Error(`It takes more than ${this.timeoutMs / 1000} s`)),
      this.timeoutMs,
    );
    const watch = setInterval(() => {
      if (socket.bytesRead > MAX_RECEIVED_BYTES) {
        socket.destroy(new Error('It sends more than a mail server says'));
      }
    }, 100);
    try {
      return await work();
    } finally {
      clearTimeout(late);
      clearInterval(watch);
    }
  }
}

async function converse(
  socket: Socket,
  server: SmtpServer,
  rules: DestinationRules,
  work: (connection: SMTPConnection) => Promise<void>,
): Promise<void> {
  const connection = new SMTPConnection({
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
  const lost = once(connection, 'error').then(([error]) => Promise.reject(error as Error));
  // Told by whichever waits for it.
  lost.catch(() => undefined);
  try {
    await Promise.race([
      lost,
      new Promise<void>((done, fail) => connection.connect((error) => (error ? fail(error) : done()))),
    ]);
    await Promise.race([lost, work(connection)]);
    connection.quit();
  } finally {
    connection.close();
  }
}

async function logIn(connection: SMTPConnection, { username, password }: SmtpServer): Promise<void> {
  if (username === null) {
    return;
  }
  await new Promise<void>((done, fail) =>
    connection.login({ user: username, pass: password ?? '' }, (error) => (error ? fail(error) : done())),
  );
}

async function transmit(
  connection: SMTPConnection,
  { envelope, raw }: RawMail,
  permit: () => Promise<boolean>,
  reach: (stage: SmtpStage) => void,
): Promise<void> {
  const begin = async (): Promise<void> => {
    if (!(await permit())) {
      throw new Error('It must not be sent any more');
    }
    reach('content');
  };
  const content = Readable.from(chunksOf(raw, begin));
  content.once('end', () => reach('ended'));
  await new Promise<void>((done, fail) => {
    content.once('error', fail);
    connection.send({ from: envelope.from, to: [...envelope.to], size: raw.length }, content, (error) =>
      error ? fail(error) : done(),
    );
  });
}

/** `begin` is called when the first is asked for, which is after the server took the envelope. */
async function* chunksOf(raw: Buffer, begin: () => Promise<void>): AsyncIterable<Buffer> {
  await begin();
  for (let at = 0; at < raw.length; at += CHUNK_BYTES) {
    yield raw.subarray(at, at + CHUNK_BYTES);
  }
}
