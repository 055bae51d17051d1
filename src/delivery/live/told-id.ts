/**
 * One event is told as what happened to a message and as what became of its conversation, and whoever keeps the ids that it had
 * must not take the one for the other. So the latter goes by the event's id as a UUID of version 8, which no event has.
 */
const VERSION_AT = 14;

export function conversationIdOf(eventId: string): string {
  return withVersion(eventId, '8');
}

/** The event that was told under this id. */
export function eventIdOf(toldId: string): string {
  return toldId[VERSION_AT] === '8' ? withVersion(toldId, '4') : toldId;
}

function withVersion(uuid: string, version: string): string {
  return uuid.slice(0, VERSION_AT) + version + uuid.slice(VERSION_AT + 1);
}
