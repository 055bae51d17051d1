import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import smpp, { type Pdu, type Session, type SmppText } from 'smpp';
import { until } from './until.js';

type Answer = (pdu: Pdu, session: Session) => void;

type Listener = (session: Session) => void;

/** A server that speaks SMPP, on this machine, by TLS where it has a certificate: it takes one bind of an account, and every message. */
export async function smsc(tls?: { readonly key: string; readonly cert: string }) {
  const submits: Pdu[] = [];
  const binds: Session[] = [];
  let ids = 0;
  const takes: Answer = (pdu, session) => void session.send(pdu.response({ message_id: String((ids += 1)) }));
  const self = { answer: takes, mayBind: (pdu: Pdu): number => (pdu['password'] === 'secret' ? 0 : 0x0e) };
  const listener: Listener = (session) => {
    session.on('error', () => undefined);
    session.on('close', () => binds.splice(binds.indexOf(session) >>> 0, 1));
    session.on('pdu', (pdu: Pdu) => {
      if (pdu.isResponse()) {
        return;
      }
      switch (pdu.command) {
        case 'bind_transceiver': {
          const status = binds.length > 0 ? smpp.errors['ESME_RALYBND']! : self.mayBind(pdu);
          if (status === 0) {
            binds.push(session);
          }
          return void session.send(pdu.response({ command_status: status, system_id: 'smsc' }));
        }
        case 'submit_sm':
          submits.push(pdu);
          return self.answer(pdu, session);
        case 'unbind':
          session.send(pdu.response());
          return session.destroy();
        default:
          return void session.send(pdu.response());
      }
    });
  };
  const server = tls ? smpp.createServer(tls, listener) : smpp.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const bound = (): Promise<Session> => until(() => binds[0] ?? null);
  /** Hands something over, and waits for the status it is answered with. */
  const deliver = async (fields: Readonly<Record<string, unknown>>): Promise<number> => {
    const session = await bound();
    return new Promise((resolve, reject) => {
      session.once('close', () => reject(new Error('The bind ended before there was an answer')));
      session.send(new smpp.PDU('deliver_sm', fields), ({ command_status: status }) => resolve(status));
    });
  };
  return Object.assign(self, {
    port: (server.address() as AddressInfo).port,
    submits,
    binds,
    takes,
    bound,
    deliver,
    /** What was submitted with this text. */
    of: (text: string): Promise<Pdu[]> =>
      until(() => {
        const found = submits.filter((pdu) => textIn(pdu) === text);
        return found.length > 0 ? found : null;
      }),
    /** From a phone to a number. */
    say: (from: string, to: string, text: string | { readonly udh: Buffer; readonly message: string }) =>
      deliver({
        ...{ source_addr: from.slice(1), source_addr_ton: 1, source_addr_npi: 1 },
        ...{ destination_addr: to.slice(1), dest_addr_ton: 1, dest_addr_npi: 1, short_message: text, data_coding: 0 },
      }),
    receipt: (id: string, state: string) =>
      deliver({ esm_class: 0x04, short_message: `id:${id} sub:001 dlvrd:001 stat:${state} err:000 text:` }),
    close: async () => {
      [...binds].forEach((session) => session.destroy());
      server.close();
      await once(server, 'close');
    },
  });
}

export function textIn(pdu: Pdu): string {
  const text = (pdu['short_message'] as SmppText).message;
  return typeof text === 'string' ? text : '';
}
