/** A mail as it came, with what its sender's server said of it. */
export interface ArrivedMail {
  readonly raw: Buffer;
  /** Empty: nobody wants to hear that it was not delivered. Null: it is not known. */
  readonly envelopeFrom: string | null;
  /** To this account, tokens and all. */
  readonly envelopeTo: readonly string[];
}

export interface InboundAccount {
  readonly clientId: string;
  readonly livemode: boolean;
  /** The customer that its address is. */
  readonly id: string;
}

/** Too much comes at once: it is to be tried again. */
export class IntakeBusy extends Error {}

/** The port to where mails are kept until they are understood. */
export interface MailIntake {
  /** Null: there is nobody of that address. */
  accountOf(address: string): Promise<InboundAccount | null>;
  /** Once this is done, the mail is kept. @throws IntakeBusy, or whatever the database says */
  accept(account: InboundAccount, mail: ArrivedMail): Promise<void>;
}
