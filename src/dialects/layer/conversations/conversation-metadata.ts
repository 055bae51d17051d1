import type { Problem } from '../../../platform/common/fields/field.js';
import { isObject } from '../../../platform/common/fields/json-value.js';
import { checkMetadata } from '../../../platform/common/fields/metadata.js';

/** Metadata as it may be sent here: the core's, of texts and objects of texts only. */
export function checkConversationMetadata(value: unknown): Problem {
  return checkMetadata(value) ?? (isOfTexts(value) ? null : { says: 'must hold texts, or objects that hold texts.' });
}

/** The depth must be bounded before. */
function isOfTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((inner) => typeof inner === 'string' || isOfTexts(inner));
}
