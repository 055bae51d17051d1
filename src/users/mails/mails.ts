import { Injectable } from '@nestjs/common';
import { Mailer, type Mail } from '../../platform/mail/mailer.js';
import { MailsRepository, type DueMail } from './mails.repository.js';

/** What a mail says; null: there is nobody to say it to. */
export type Content = Omit<Mail, 'to'> | null;
/** Makes the content of one kind of mail, each time it is sent: a token in it is stored nowhere. */
export type Compose = (mail: DueMail) => Promise<Content>;

/** Mails to be sent aside of the request that asks for them: it is answered whether or not they arrive. */
@Injectable()
export class Mails {
  private readonly composers = new Map<string, Compose>();

  constructor(
    private readonly mailer: Mailer,
    private readonly mails: MailsRepository,
  ) {}

  /** To be said before the application is up, by whoever asks for mails of this kind. */
  composeBy(kind: string, compose: Compose): void {
    this.composers.set(kind, compose);
  }

  /**
   * One in two minutes and five a day of each kind and address (and of what it is about); more are passed over in silence.
   * @throws Refusal 503 where no mail can ever be sent
   */
  async queue(kind: string, email: string, data: object = {}, about = ''): Promise<void> {
    this.mailer.mustBeConfigured();
    await this.mails.queue(kind, email, about, data);
  }

  /** @throws whatever the mail server says */
  async send(mail: DueMail): Promise<void> {
    const content = await this.composers.get(mail.kind)?.(mail);
    if (content) {
      await this.mailer.send({ to: mail.email, ...content });
    }
  }
}
