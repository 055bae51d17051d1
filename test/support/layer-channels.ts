import { formatId } from '../../src/platform/common/ids/type-id.js';
import type { LayerSession } from './layer.js';
import { at, uuidOf, type Wire } from './layer-talk.js';

/** The id that the core knows a channel of Layer's by. */
export const channelOf = (channel: Wire): string => formatId('channel', uuidOf(channel));

/** The id of somebody's membership. */
export const member = (channel: Wire, { userId }: LayerSession): string => `${channel.id as string}/members/${userId}`;

/** A new channel, as its body says. */
export async function created(by: LayerSession, body: object): Promise<Wire> {
  const answer = await by.send('POST', '/channels', body);
  return expectStatus(answer, 201).body;
}

/** A new channel of this name, with these members beside whoever makes it. */
export function open(by: LayerSession, name: string, ...members: LayerSession[]): Promise<Wire> {
  return created(by, { name, members: members.map(({ identity }) => identity) });
}

export async function join(by: LayerSession, channel: Wire, userId = by.userId): Promise<void> {
  expectStatus(await by.send('PUT', `${at(channel)}/members/${encodeURIComponent(userId)}`), 204);
}

export async function leave(by: LayerSession, channel: Wire, userId = by.userId): Promise<void> {
  expectStatus(await by.send('DELETE', `${at(channel)}/members/${encodeURIComponent(userId)}`), 204);
}

function expectStatus<T extends { readonly status: number; readonly text: string }>(answer: T, status: number): T {
  if (answer.status !== status) {
    throw new Error(`${answer.status}: ${answer.text}`);
  }
  return answer;
}
