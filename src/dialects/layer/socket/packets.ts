import type { BasicIdentity } from '../identity.presenter.js';
import { layerUri } from '../layer-id.js';
import type { PacketType } from './layer-socket.js';
import { PacketBody } from './packet-body.js';

/** A packet and the customers it goes to. */
export interface Packet {
  /** Of the event that caused it. */
  readonly seq: number;
  readonly type: PacketType;
  readonly body: PacketBody;
  readonly to: readonly string[];
}

export type Kind = 'Conversation' | 'Channel' | 'Membership' | 'Message' | 'Identity' | 'Announcement';

/** One step of a change, as Layer's patches have it. */
export interface PatchOperation {
  readonly operation: 'set' | 'delete' | 'add' | 'remove';
  readonly property: string;
  readonly id?: string | null;
  readonly value?: unknown;
}

/** The object of a packet; `url` is given when it is created. */
interface Named {
  readonly id: string;
  readonly url?: string;
}

const change = (operation: string, type: Kind, { id, url }: Named, data: object): PacketBody =>
  new PacketBody({ operation, object: { type, id, ...(url === undefined ? {} : { url }) }, data });

export const created = (type: Kind, object: Required<Named>): PacketBody => change('create', type, object, object);

export const updated = (type: Kind, id: string, operations: readonly PatchOperation[]): PacketBody =>
  change('update', type, { id }, operations);

export type DeletionMode = 'all_participants' | 'my_devices';

/** @param fromPosition deletes the messages up to there, and not the conversation itself */
export const deleted = (type: Kind, id: string, mode: DeletionMode, fromPosition?: number): PacketBody =>
  change('delete', type, { id }, fromPosition === undefined ? { mode } : { mode, from_position: fromPosition });

/** One participant has read everything up to `position`: one packet instead of very many. */
export const allRead = (channelId: string, position: number, identityId: string): PacketBody =>
  new PacketBody({
    method: 'Conversation.mark_all_read',
    object: { type: 'Conversation', id: layerUri('conversations', channelId) },
    data: { position, identity: { id: identityId } },
  });

export function set(property: string, value: unknown): PatchOperation {
  return { operation: 'set', property, value };
}

/** The status of one recipient; a dot in its id is not one of the path. */
export function setStatus(identityId: string, status: string): PatchOperation {
  return set(`recipient_status.${identityId.replace(/[\\.]/g, '\\$&')}`, status);
}

export function participant(operation: 'add' | 'remove', identity: BasicIdentity): PatchOperation {
  const value = operation === 'add' ? { value: identity } : {};
  return { operation, property: 'participants', id: identity.id, ...value };
}
