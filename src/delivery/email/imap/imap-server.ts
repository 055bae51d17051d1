/** Ports that mail is read at; others belong to servers of another kind. */
export const IMAP_PORTS: readonly number[] = [143, 993];

export interface ImapServer {
  readonly host: string;
  readonly port: number;
  /** By TLS from the first byte; else by STARTTLS, where the server has it. */
  readonly secure: boolean;
  readonly username: string;
  readonly password: string;
}
