import { checkList } from '../../../platform/common/fields/check-list.js';
import { field, type Problem } from '../../../platform/common/fields/field.js';
import type { FieldOptions } from '../../../platform/common/fields/fields.js';
import { invalid, type Refusal } from '../../../platform/common/errors/refusal.js';
import { parseRef } from '../../../platform/common/ids/object-ref.js';
import { isUuid, type IdKind } from '../../../platform/common/ids/type-id.js';
import { REF_PATTERN } from './object-param.js';

interface RefOptions extends FieldOptions {
  /** The TypeID that names such an object elsewhere. */
  readonly typeId?: IdKind;
}

const REF_SCHEMAS = [
  { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  { type: 'string', pattern: REF_PATTERN },
];
const WRONG: Problem = { says: 'must be an id.' };

/** An object of the workspace: its number, also as text, or its UUID. */
export function Ref({ typeId, description, ...rest }: RefOptions): PropertyDecorator {
  return field({
    ...rest,
    read: (value) => readRef(typeId ?? null, value),
    check: checkRef,
    schema: {
      anyOf: [...REF_SCHEMAS, ...(rest.optional ? [{ type: 'null' }] : [])],
      example: 42,
      description,
    },
  });
}

/** The same in a query, where all is text. */
export function QueryRef({ typeId, description, ...rest }: RefOptions): PropertyDecorator {
  return field({
    ...rest,
    read: (value) => readRef(typeId ?? null, value),
    check: checkRef,
    schema: { type: String, pattern: REF_PATTERN, example: '42', description },
  });
}

/** Up to `max` of them; how often one is named does not matter. */
export function RefList({
  typeId,
  max,
  description,
  ...rest
}: RefOptions & { readonly max: number }): PropertyDecorator {
  return field({
    ...rest,
    read: (value) =>
      Array.isArray(value) && value.length <= max ? value.map((one) => readRef(typeId ?? null, one)) : value,
    check: (value) => checkList(value, { min: 0, max }, checkRef),
    schema: {
      type: 'array',
      items: { anyOf: REF_SCHEMAS } as never,
      maxItems: max,
      example: [3],
      description,
      ...(rest.optional ? { nullable: true } : {}),
    },
  });
}

/** @param field what names nothing of this workspace: `tag_ids.1` */
export function invalidSelection(field: string): Refusal {
  return invalid(field, `The selected ${field} is invalid.`);
}

function readRef(typeId: IdKind | null, value: unknown): unknown {
  return typeof value === 'string' ? (parseRef(typeId, value) ?? value) : value;
}

function checkRef(value: unknown): Problem {
  const isRef = isUuid(value) || (Number.isSafeInteger(value) && (value as number) >= 1);
  return isRef ? null : WRONG;
}
