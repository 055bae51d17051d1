import { once } from 'node:events';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import smpp, { type Pdu, type Session } from 'smpp';
import { BindRefused, SmppSession, TIMES } from './smpp-session.js';
import type { SmppSettings } from './smpp-settings.js';
import { sendText } from './smpp-sender.js';

const SETTINGS: SmppSettings = {
  ...{ host: '127.0.0.1', port: 0, tls: false, systemId: 'acme', password: 'secret', systemType: '' },
  ...{ dlrIdFormat: 'same', longTexts: 'parts', window: 10, mps: null },
};
const TEXT = { from: '+15005550006', to: '+14155552671', body: 'Hello' };

let server: Server | undefined;
let client: SmppSession | undefined;
afterEach(async () => {
  await client?.close();
  server?.close();
  client = undefined;
});

/** A server that answers a bind; `onPdu` does the rest. */
async function serve(onPdu: (pdu: Pdu, session: Session) => void, bindStatus = 0): Promise<Socket> {
  server = smpp.createServer((session) => {
    session.on('error', () => undefined);
    session.on('pdu', (pdu: Pdu) => {
      if (pdu.command === 'bind_transceiver') {
        session.send(pdu.response({ command_status: bindStatus }));
      } else if (pdu.command === 'unbind') {
        session.send(pdu.response());
      } else if (!pdu.isResponse()) {
        onPdu(pdu, session);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function bound(
  onPdu: (pdu: Pdu, session: Session) => void,
  {
    times = TIMES,
    deliver = () => Promise.resolve(0),
  }: { times?: typeof TIMES; deliver?: (pdu: Pdu) => Promise<number> } = {},
): Promise<SmppSession> {
  client = await SmppSession.bind(await serve(onPdu), SETTINGS, deliver, times);
  return client;
}

const PATIENCE_MS = 1_000;

/** In its turn. */
async function send(
  session: SmppSession,
  settings: SmppSettings,
  text: typeof TEXT,
  how: Parameters<typeof sendText>[3],
): ReturnType<typeof sendText> {
  const turn = (await session.begin(PATIENCE_MS))!;
  return sendText(turn, settings, text, how).finally(() => turn.end());
}

const noLate = { reference: 7, late: () => undefined };

it('A server that refuses the bind is told by its status', async () => {
  const binding = SmppSession.bind(await serve(() => undefined, 0x0e), SETTINGS, () => Promise.resolve(0));
  const error = await binding.catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(BindRefused);
  expect((error as BindRefused).message).toContain('ESME_RINVPASWD');
});

it('A text is submitted with its numbers, and taken under the id of the response', async () => {
  const seen: Pdu[] = [];
  const session = await bound((pdu, peer) => {
    seen.push(pdu);
    peer.send(pdu.response({ message_id: 'a1' }));
  });
  expect(await send(session, SETTINGS, TEXT, noLate)).toEqual({
    kind: 'accepted',
    providerMessageId: 'a1',
    status: 'sent',
  });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({
    ...{ source_addr: '15005550006', source_addr_ton: 1, destination_addr: '14155552671', dest_addr_ton: 1 },
    ...{ registered_delivery: 1, data_coding: 0, short_message: { message: 'Hello' } },
  });
});

it('A long text goes in parts, of which the last one has the id', async () => {
  const seen: Pdu[] = [];
  const session = await bound((pdu, peer) => {
    seen.push(pdu);
    peer.send(pdu.response({ message_id: `a${seen.length}` }));
  });
  const outcome = await send(session, SETTINGS, { ...TEXT, body: 'a'.repeat(161) }, noLate);
  expect(outcome).toMatchObject({ kind: 'accepted', providerMessageId: 'a2' });
  expect(seen.map((pdu) => (pdu['short_message'] as { udh: Buffer[] }).udh[0])).toEqual([
    Buffer.from([0, 3, 7, 2, 1]),
    Buffer.from([0, 3, 7, 2, 2]),
  ]);
  expect(seen.map((pdu) => pdu['registered_delivery'])).toEqual([0, 1]);
});

it('A long text goes whole where the server cuts it', async () => {
  const seen: Pdu[] = [];
  const session = await bound((pdu, peer) => {
    seen.push(pdu);
    peer.send(pdu.response({ message_id: 'a1' }));
  });
  const body = 'a'.repeat(400);
  await send(session, { ...SETTINGS, longTexts: 'payload' }, { ...TEXT, body }, noLate);
  expect(seen.map((pdu) => pdu['message_payload'])).toEqual([{ message: body }]);
});

it.each([
  ['ESME_RTHROTTLED', 'later', 'throttled'],
  ['ESME_RMSGQFUL', 'later', 'queue_full'],
  ['ESME_RINVDSTADR', 'refused', 'invalid_number'],
  ['ESME_RINVSRCADR', 'refused', 'invalid_from'],
  ['ESME_RSUBMITFAIL', 'refused', 'provider_error'],
])('%s: %s, %s', async (name, kind, errorCode) => {
  const session = await bound((pdu, peer) => peer.send(pdu.response({ command_status: smpp.errors[name] })));
  expect(await send(session, SETTINGS, TEXT, noLate)).toMatchObject({ kind, errorCode, providerCode: name });
});

it('A part that is throttled is tried again, but never those before it', async () => {
  const parts: number[] = [];
  const session = await bound((pdu, peer) => {
    const part = (pdu['short_message'] as { udh: Buffer[] }).udh[0]![4]!;
    parts.push(part);
    peer.send(pdu.response(parts.length === 2 ? { command_status: 0x58 } : { message_id: `a${part}` }));
  });
  const outcome = await send(session, SETTINGS, { ...TEXT, body: 'a'.repeat(161) }, noLate);
  expect(outcome).toMatchObject({ kind: 'accepted', providerMessageId: 'a2' });
  expect(parts).toEqual([1, 2, 2]);
});

it('A part that is refused ends the whole text', async () => {
  const session = await bound((pdu, peer) => {
    const part = (pdu['short_message'] as { udh: Buffer[] }).udh[0]![4]!;
    peer.send(pdu.response(part === 2 ? { command_status: 0x45 } : { message_id: 'a' }));
  });
  expect(await send(session, SETTINGS, { ...TEXT, body: 'a'.repeat(161) }, noLate)).toMatchObject({
    ...{ kind: 'refused', providerCode: 'ESME_RSUBMITFAIL', errorText: '1 of 2 parts were taken' },
  });
});

it('Where the connection breaks before the response, nobody knows', async () => {
  const session = await bound((_, peer) => peer.destroy());
  expect(await send(session, SETTINGS, TEXT, noLate)).toMatchObject({ kind: 'unknown' });
  expect(await session.ended).toContain('closed');
  expect(await session.begin(PATIENCE_MS)).toBeNull();
});

it('What has its turn when the connection ends is not sent', async () => {
  const session = await bound(() => undefined);
  const turn = (await session.begin(PATIENCE_MS))!;
  const closed = session.close();
  expect(await sendText(turn, SETTINGS, TEXT, noLate)).toMatchObject({
    ...{ kind: 'later', errorCode: 'provider_unreachable' },
  });
  turn.end();
  await closed;
});

it('A response that comes too late is heard all the same', async () => {
  let answer = (): void => undefined;
  const session = await bound(
    (pdu, peer) => {
      if (pdu.command === 'submit_sm') {
        answer = () => void peer.send(pdu.response({ message_id: '255' }));
      }
    },
    { times: { answerMs: 50, enquireEveryMs: 30_000 } },
  );
  const late = new Promise<string>((resolve) => {
    void send(session, { ...SETTINGS, dlrIdFormat: 'hex' }, TEXT, { reference: 1, late: resolve }).then((outcome) => {
      expect(outcome).toMatchObject({ kind: 'unknown' });
      answer();
    });
  });
  expect(await late).toBe('255');
});

it('A server that answers no enquire_link has gone', async () => {
  const session = await bound(() => undefined, { times: { answerMs: 20, enquireEveryMs: 20 } });
  expect(await session.ended).toContain('enquire_link');
});

it('What a phone sends is answered once it was taken, in its order', async () => {
  const taken: unknown[] = [];
  let peer!: Session;
  let isTaken = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    isTaken = resolve;
  });
  const session = await bound(
    (pdu, from) => {
      peer = from;
      peer.send(pdu.response({ message_id: '1' }));
    },
    {
      deliver: async (pdu) => {
        await (taken.length === 0 ? first : undefined);
        taken.push(pdu['source_addr']);
        return taken.length === 1 ? 0 : Promise.reject(new Error('The database is away'));
      },
    },
  );
  await send(session, SETTINGS, TEXT, noLate);
  const answers: number[] = [];
  const both = new Promise<void>((resolve) => {
    for (const source_addr of ['1', '2']) {
      peer.send(new smpp.PDU('deliver_sm', { source_addr }), ({ command_status }) => {
        answers.push(command_status);
        if (answers.length === 2) {
          resolve();
        }
      });
    }
  });
  await new Promise(setImmediate);
  expect(answers).toEqual([]);
  isTaken();
  await both;
  expect(taken).toEqual(['1', '2']);
  expect(answers).toEqual([0, smpp.errors['ESME_RX_T_APPN']]);
});

it.each([
  ['a length that is none', Buffer.from([0, 0, 0, 5, 0])],
  ['a length beyond all PDUs', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['a deliver_sm that ends early', Buffer.from([0, 0, 0, 18, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])],
])('Bytes that are no PDU end the connection or are refused: %s', async (_, bytes) => {
  let peer!: Session;
  const session = await bound((pdu, from) => {
    peer = from;
    peer.send(pdu.response({ message_id: '1' }));
  });
  await send(session, SETTINGS, TEXT, noLate);
  const response = once(peer, 'pdu').then(([pdu]) => (pdu as Pdu).command);
  peer.socket.write(bytes);
  peer.socket.end();
  expect(['deliver_sm_resp', 'unbind', undefined]).toContain(
    await Promise.race([response, session.ended.then(() => undefined)]),
  );
});
