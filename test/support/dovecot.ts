import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import { localhostCertificate } from './certificate.js';
import { freePort } from './process.js';
import { until } from './until.js';

const PROGRAM = '/usr/sbin/dovecot';
const DOVEADM = '/usr/bin/doveadm';
/** Whoever it is on Debian; mail is nobody's there, for root may have none. */
const NOBODY = 65_534;

/** Skipped, and seen to be, where there is no dovecot. */
export const describeWithDovecot: (name: string, tests: () => void) => void = existsSync(PROGRAM)
  ? describe
  : (name, tests) => describe.skip(`${name} (skipped: no dovecot here, apt-get install dovecot-imapd)`, tests);

export const IMAP_PASSWORD = 'correct-horse';

interface DovecotOptions {
  /** What it says it can do; all that it can if left out. */
  readonly capability?: string;
  /** Whether it has TLS; it has if left out. */
  readonly tls?: boolean;
}

/** An IMAP server of a test's own: anybody has a mailbox there, by one password. */
export class Dovecot {
  port = 0;
  tlsPort = 0;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly options: DovecotOptions,
  ) {}

  static async start(options: DovecotOptions = {}): Promise<Dovecot> {
    const dovecot = new Dovecot(await mkdtemp(join(tmpdir(), 'dovecot-')), options);
    dovecot.port = await freePort();
    dovecot.tlsPort = await freePort();
    await dovecot.configure();
    await dovecot.start();
    return dovecot;
  }

  /** A file with the certificate that whoever connects has to trust. */
  get certificate(): string {
    return join(this.directory, 'cert.pem');
  }

  private get config(): string {
    return join(this.directory, 'dovecot.conf');
  }

  async start(): Promise<void> {
    this.child = spawn(PROGRAM, ['-F', '-c', this.config], { stdio: 'ignore' });
    await until(() => answers(this.port));
  }

  /** Its connections end with it. */
  async stop(): Promise<void> {
    const child = this.child!;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await until(async () => !(await answers(this.port)));
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }

  /** All that it logged. */
  log(): Promise<string> {
    return readFile(join(this.directory, 'log'), 'utf8');
  }

  /** As if its mailboxes had been made anew: each mail has another number. */
  async renumber(user: string, uidValidity: number): Promise<void> {
    const args = ['-c', this.config, 'mailbox', 'update', '-u', user, '--uid-validity', String(uidValidity), 'INBOX'];
    await promisify(execFile)(DOVEADM, args);
  }

  /** What somebody does there with a mail program. */
  async as<T>(user: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const auth = { user, pass: IMAP_PASSWORD };
    const client = new ImapFlow({ host: '127.0.0.1', port: this.port, auth, doSTARTTLS: false, logger: false });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.logout();
    }
  }

  /** Mails come to `user`. */
  bring(user: string, ...mails: readonly string[]): Promise<void> {
    return this.bringAt(new Date(), user, ...mails);
  }

  /** As if they had come then. */
  async bringAt(moment: Date, user: string, ...mails: readonly string[]): Promise<void> {
    await this.as(user, async (client) => {
      for (const mail of mails) {
        await client.append('INBOX', mail.replace(/\r?\n/g, '\r\n'), [], moment);
      }
    });
  }

  private async configure(): Promise<void> {
    const { directory, options } = this;
    const { uid, gid, username } = userInfo();
    const [mailUid, mailGid] = uid === 0 ? [NOBODY, NOBODY] : [uid, gid];
    await chmod(directory, 0o755);
    await mkdir(join(directory, 'mail'));
    if (uid === 0) {
      await chown(join(directory, 'mail'), mailUid, mailGid);
    }
    await writeFile(join(directory, 'cert.pem'), localhostCertificate.cert);
    await writeFile(join(directory, 'key.pem'), localhostCertificate.key, { mode: 0o600 });
    const users = uid === 0 ? '' : `default_internal_user = ${username}\ndefault_login_user = ${username}\n`;
    const capability =
      options.capability === undefined ? '' : `protocol imap {\n  imap_capability = ${options.capability}\n}\n`;
    await writeFile(
      this.config,
      `${users}base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
protocols = imap
listen = 127.0.0.1
ssl = ${options.tls === false ? 'no' : 'yes'}
ssl_cert = <${directory}/cert.pem
ssl_key = <${directory}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:${directory}/mail/%u
first_valid_uid = ${mailUid}
last_valid_uid = ${mailUid}
mail_max_userip_connections = 100
passdb {
  driver = static
  args = password=${IMAP_PASSWORD}
}
userdb {
  driver = static
  args = uid=${mailUid} gid=${mailGid} home=${directory}/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${this.port}
  }
  inet_listener imaps {
    port = ${this.tlsPort}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
${capability}`,
    );
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
