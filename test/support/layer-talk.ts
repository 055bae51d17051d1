import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { given, type Reply } from './given.js';
import { layerApp, type LayerApp, type LayerSession } from './layer.js';
import type { ServerAddress } from './server.js';

// As they are on the wire; the OpenAPI document says what they are.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Wire = any;

/** An app of a test's own, two of its users, and a way to start talking. */
export async function talkingOn(server: () => ServerAddress) {
  const app = await layerApp(server, await given(server).client());
  const [john, jane] = [await app.session('john'), await app.session('jane')];
  return { app, john, jane, conversation: await conversationOf(john, jane) };
}

/** What the path of a thing is: its URI without what all have. */
export const at = (thing: Wire): string => (thing.id as string).replace('layer://', '');
export const uuidOf = (thing: Wire): string => (thing.id as string).split('/').at(-1)!;

/** A new conversation, not distinct. */
export async function conversationOf(by: LayerSession, ...others: LayerSession[]): Promise<Wire> {
  const participants = others.map(({ identity }) => identity);
  return made(await by.send('POST', '/conversations', { participants, distinct: false }));
}

/** A message of one text. */
export async function say(by: LayerSession, conversation: Wire, body = 'Hello'): Promise<Wire> {
  const parts = [{ mime_type: 'text/plain', body }];
  return made(await by.send('POST', `${at(conversation)}/messages`, { parts }));
}

/** Is no participant any more; what was said stays on its devices. */
export async function leave(by: LayerSession, conversation: Wire): Promise<void> {
  const patch = [{ operation: 'remove', property: 'participants', id: by.identity }];
  const { status, text } = await by.send('PATCH', at(conversation), patch);
  if (status !== 204) {
    throw new Error(`${status}: ${text}`);
  }
}

export async function read(by: LayerSession, path: string): Promise<Wire> {
  const { status, body, text } = await by.send('GET', path);
  if (status !== 200) {
    throw new Error(`${path}: ${status} ${text}`);
  }
  return body;
}

export const bodies = (messages: Wire): string[] => messages.map(({ parts }: Wire) => parts[0].body);

/** Somebody of another app. */
export async function strangerOn(server: () => ServerAddress): Promise<LayerSession> {
  const app: LayerApp = await layerApp(server, await given(server).client());
  return app.session('john');
}

/** Holds that the answer is this one of Layer's errors, and says so with this data, where it is given. */
export function expectLayerError(
  reply: Reply,
  [status, id, code]: readonly [number, string, number],
  data?: Wire,
): void {
  expect({ status: reply.status, body: reply.body }).toEqual({
    status,
    body: { id, code, message: expect.any(String), url: expect.any(String), ...(data === undefined ? {} : { data }) },
  });
}
export const NOT_FOUND = [404, 'not_found', 102] as const;
export const ACCESS_DENIED = [403, 'access_denied', 101] as const;
export const ID_IN_USE = [409, 'id_in_use', 111] as const;
export const CONFLICT = [409, 'conflict', 108] as const;
export const expectWrong = (reply: Reply, property: string): void =>
  expectLayerError(reply, [422, 'invalid_property', 105], { property });
export const expectLacking = (reply: Reply, property: string): void =>
  expectLayerError(reply, [422, 'missing_property', 104], { property });

/** What names nothing, each in its own way. */
export const NOTHING = [randomUUID(), 'nonsense', '%20', 'layer:%2F%2F%2Fmessages%2Fx'] as const;

function made({ status, body, text }: Reply): Wire {
  if (status !== 201 && status !== 200) {
    throw new Error(`${status}: ${text}`);
  }
  return body;
}
