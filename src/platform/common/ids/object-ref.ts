import { parseId, uuidIn, type IdKind } from './type-id.js';

/** What names an object that has a number in its workspace: the number, or its UUID. */
export type ObjectRef = number | string;

/** No sign, no zeros before it, no more digits than are exact. */
const NUMBER = /^[1-9]\d{0,15}$/;

/**
 * The object that `text` names: by its number, its UUID, or the TypeID of this kind; null where it can name none.
 * @param kind null where these objects have no TypeID
 */
export function parseRef(kind: IdKind | null, text: string): ObjectRef | null {
  if (NUMBER.test(text)) {
    return Number.isSafeInteger(Number(text)) ? Number(text) : null;
  }
  return kind === null ? uuidIn(text) : parseId(kind, text);
}

/** The two values that a statement compares: one of them is null. */
export function refValues(ref: ObjectRef): readonly [number: number | null, uuid: string | null] {
  return typeof ref === 'number' ? [ref, null] : [null, ref];
}
