import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import type { ImapTransport } from 'imapflow';

/** Lets an IMAP client speak by a socket that was dialled already, and begin TLS on it where the server has that. */
export function transportBy(socket: Socket): ImapTransport {
  return {
    connect: (_, onConnect) => {
      setImmediate(onConnect);
      return socket;
    },
    // The host is whose certificate it has to be, where there is no name.
    upgrade: (_, { host, servername }, onSecure) => connect({ socket, host, servername }, onSecure),
  };
}
