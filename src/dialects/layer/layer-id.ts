import { uuidIn } from '../../platform/common/ids/type-id.js';

/** What a Layer URI can name by a UUID. */
export type Named =
  'conversations' | 'channels' | 'messages' | 'content' | 'announcements' | 'keys' | 'apps/staging' | 'apps/production';

const PREFIX = 'layer:///';

/** `layerUri('messages', uuid)` → `layer:///messages/<uuid>`. */
export function layerUri(of: Named, uuid: string): string {
  return `${PREFIX}${of}/${uuid}`;
}

const UUID_PATTERN = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** What `layerUri` writes, as a pattern for documents. */
export function layerUriPattern(of: Named): string {
  return `^${PREFIX}${of}/${UUID_PATTERN}$`;
}

/** What `parseLayerId` reads. */
export function layerIdPattern(of: Named): string {
  return `^(${PREFIX}${of}/)?${UUID_PATTERN}$`;
}

/** The UUID in a Layer URI of this kind, or a bare UUID; lower-case. Null: it is neither. */
export function parseLayerId(of: Named, value: unknown): string | null {
  if (typeof value !== 'string') {
    return null;
  }
  return uuidIn(value.startsWith(`${PREFIX}${of}/`) ? value.slice(PREFIX.length + of.length + 1) : value);
}

/** A part of a message: `layer:///messages/<uuid>/parts/<uuid>`. */
export function partUri(messageId: string, partId: string): string {
  return `${layerUri('messages', messageId)}/parts/${partId}`;
}

/** Somebody's membership of a channel: `layer:///channels/<uuid>/members/<user id>`. */
export function memberUri(channelId: string, userId: string): string {
  return `${layerUri('channels', channelId)}/members/${escapeUserId(userId)}`;
}

/** `layer:///identities/<user id>`; a user id is any text, so it is escaped as a segment of a path is. */
export function identityUri(userId: string): string {
  return `${PREFIX}identities/${escapeUserId(userId)}`;
}

/** As the SDKs do, which make the URI of whoever logs in themselves: more than others escape. */
export function escapeUserId(userId: string): string {
  return encodeURIComponent(userId).replace(/[!~'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The user id in an identity's URI, or the text itself. Null: it is no text, or not escaped as a path is. */
export function parseUserId(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') {
    return null;
  }
  if (!value.startsWith(`${PREFIX}identities/`)) {
    return value;
  }
  try {
    return decodeURIComponent(value.slice(PREFIX.length + 'identities/'.length)) || null;
  } catch {
    return null;
  }
}
