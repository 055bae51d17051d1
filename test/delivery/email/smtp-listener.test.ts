import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';
import {
  IntakeBusy,
  type ArrivedMail,
  type InboundAccount,
  type MailIntake,
} from '../../../src/delivery/email/inbound/mail-intake.js';
import { SmtpListener } from '../../../src/delivery/email/inbound/smtp-listener.js';
import { until } from '../../support/until.js';

const ACME: InboundAccount = { clientId: 'acme', livemode: false, id: 'support' };
const GLOBEX: InboundAccount = { clientId: 'globex', livemode: false, id: 'sales' };
const MAX_BYTES = 64 * 1024;

class Kept implements MailIntake {
  readonly mails: [InboundAccount, ArrivedMail][] = [];
  failure: Error | null = null;

  accountOf(address: string): Promise<InboundAccount | null> {
    const [local = ''] = address.split(/[+@]/, 1);
    return Promise.resolve({ support: ACME, sales: GLOBEX }[local] ?? null);
  }

  accept(account: InboundAccount, mail: ArrivedMail): Promise<void> {
    if (this.failure) {
      return Promise.reject(this.failure);
    }
    this.mails.push([account, mail]);
    return Promise.resolve();
  }
}

describe('a server that takes mails', () => {
  let kept: Kept;
  let listener: SmtpListener;
  let port: number;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    kept = new Kept();
    listener = new SmtpListener(kept, MAX_BYTES);
    port = await listener.listen(0, '127.0.0.1');
  });
  afterEach(async () => {
    sockets.forEach((socket) => socket.destroy());
    await listener.close();
  });

  function send(mail: SendMailOptions): Promise<unknown> {
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    return transport.sendMail({ from: 'anna@example.org', subject: 'Hi', text: 'Hello', ...mail });
  }

  /** A conversation by hand; `say` waits for an answer. */
  async function talk(): Promise<{
    socket: Socket;
    said: () => string;
    say: (line: string, answer: RegExp) => Promise<void>;
  }> {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    sockets.push(socket);
    let said = '';
    socket.on('data', (text: string) => (said += text));
    const say = async (line: string, answer: RegExp) => {
      socket.write(line);
      await until(() => (answer.test(said) ? true : null));
    };
    await say('', /^220 /);
    return { socket, said: () => said, say };
  }

  it('keeps what is for its accounts, each its own', async () => {
    await send({ to: ['Support+c31.abc@in.example', 'sales@in.example', 'support@in.example'] });
    expect(kept.mails).toMatchObject([
      [ACME, { envelopeFrom: 'anna@example.org', envelopeTo: ['support+c31.abc@in.example', 'support@in.example'] }],
      [GLOBEX, { envelopeTo: ['sales@in.example'] }],
    ]);
    expect(kept.mails[0]![1].raw.toString()).toContain('\r\n\r\nHello');
  });

  it('takes bounces, whose sender is empty', async () => {
    await send({ envelope: { from: '', to: 'support@in.example' } });
    expect(kept.mails).toMatchObject([[ACME, { envelopeFrom: '' }]]);
  });

  it('passes nothing on', async () => {
    await expect(send({ to: 'somebody@elsewhere.example' })).rejects.toMatchObject({ responseCode: 550 });
    expect(kept.mails).toEqual([]);
  });

  it('lets nobody log in', async () => {
    const { said, say } = await talk();
    await say('EHLO mx.example.org\r\n', /250[ -]SIZE/);
    expect(said()).not.toContain('AUTH');
    await say('AUTH PLAIN AHN1cHBvcnQAc2VjcmV0\r\n', /^500 /m);
  });

  it.each([
    ['more bytes than a mail may have', { text: 'a'.repeat(2 * MAX_BYTES) }, 552],
    [
      'a mail that goes round in circles',
      { headers: { Received: Array.from({ length: 51 }, (_, at) => `by mx${at}`) } },
      554,
    ],
  ])('refuses %s', async (_, mail, responseCode) => {
    await expect(send({ to: 'support@in.example', ...mail })).rejects.toMatchObject({ responseCode });
    expect(kept.mails).toEqual([]);
  });

  it('says its limit, and refuses by it before a byte comes', async () => {
    const { say } = await talk();
    await say('EHLO mx.example.org\r\n', /250[ -]SIZE 65536/);
    await say('MAIL FROM:<a@example.org> SIZE=70000\r\n', /^552 /m);
  });

  it('has it tried again while it can not keep it', async () => {
    kept.failure = new IntakeBusy();
    await expect(send({ to: 'support@in.example' })).rejects.toMatchObject({ responseCode: 451 });
    kept.failure = null;
    await send({ to: 'support@in.example' });
    expect(kept.mails).toHaveLength(1);
  });

  it('takes several over one connection, each for its own', async () => {
    const pool = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true, maxConnections: 1 });
    const to = ['support@in.example', 'sales@in.example'];
    await Promise.all(to.map((one) => pool.sendMail({ from: 'a@example.org', to: one, text: one })));
    pool.close();
    expect(kept.mails.map(([{ id }, { envelopeTo }]) => [id, envelopeTo])).toEqual([
      ['support', ['support@in.example']],
      ['sales', ['sales@in.example']],
    ]);
  });

  it('keeps nothing of one that breaks off', async () => {
    const { socket, say } = await talk();
    await say('EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<support@in.example>\r\nDATA\r\n', /^354 /m);
    socket.end('Subject: half\r\n\r\nof it');
    await once(socket, 'close');
    await send({ to: 'sales@in.example' });
    expect(kept.mails).toMatchObject([[GLOBEX, {}]]);
  });
});
