import { createTransport } from 'nodemailer';
import type { RawMail } from '../smtp/smtp-client.js';
import { composeMail, type OutgoingMail } from './compose-mail.js';

const renderer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The bytes of a mail, signed where its account has a key. */
export async function renderMail(mail: OutgoingMail): Promise<RawMail> {
  const { message, envelope } = await renderer.sendMail(composeMail(mail));
  return { raw: message as Buffer, envelope: { from: envelope.from || '', to: envelope.to } };
}
