/** What is used here of a package that comes without types. */
declare module 'smpp' {
  import type { Server as NetServer, Socket } from 'node:net';
  import type { EventEmitter } from 'node:events';

  /** A text field as it arrives; bytes where the package does not know its coding. */
  interface SmppText {
    readonly message: string | Buffer;
    /** The elements of the user data header, if it has one. */
    readonly udh?: readonly Buffer[];
  }

  interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    isResponse(): boolean;
    response(fields?: Readonly<Record<string, unknown>>): Pdu;
    toBuffer(): Buffer;
  }

  interface Session extends EventEmitter {
    readonly socket: Socket;
    /** False where the connection takes nothing more. */
    send(pdu: Pdu, onResponse?: (response: Pdu) => void): boolean;
    destroy(): void;
  }

  const smpp: {
    readonly Session: new (options: { readonly socket: Socket }) => Session;
    readonly PDU: new (command: string | Buffer, fields?: Readonly<Record<string, unknown>>) => Pdu;
    readonly errors: Readonly<Record<string, number>>;
    readonly encodings: { readonly ASCII: { encode(text: string): Buffer } };
    createServer(listener: (session: Session) => void): NetServer;
    createServer(
      options: { readonly key: string; readonly cert: string },
      listener: (session: Session) => void,
    ): NetServer;
  };
  export { smpp as default };
  export type { Pdu, Session, SmppText };
}
