import { Param, type PipeTransform } from '@nestjs/common';
import { ApiExtension, ApiParam } from '@nestjs/swagger';
import { notFound, type Missing } from '../../../platform/common/errors/refusal.js';
import { parseRef, type ObjectRef } from '../../../platform/common/ids/object-ref.js';
import type { IdKind } from '../../../platform/common/ids/type-id.js';
import { sentenceOf } from './engagement-errors.js';

/** In the document: what is said where the path names nothing. */
export const MISSING_SENTENCE = 'x-missing';
/** A number, a UUID, or a TypeID. */
export const REF_PATTERN =
  '^([1-9][0-9]{0,15}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25})$';

interface ParamOptions {
  readonly name?: string;
  /** The TypeID that names such an object elsewhere. */
  readonly typeId?: IdKind;
}

/** What a path names, by its number, its UUID or its TypeID. What can name nothing is answered like what was never there. */
export function ObjectParam(what: Missing, { name = 'id', typeId }: ParamOptions = {}): ParameterDecorator {
  return (target, key, index) => {
    Param(name, new RefPipe(what, typeId ?? null))(target, key, index);
    // Nest gives a parameter decorator of its own no way to describe itself; what describes a method does it instead.
    const handler = Object.getOwnPropertyDescriptor(target, key!)!;
    ApiParam({
      name,
      description: 'Its id, or its UUID.',
      schema: { type: 'string', pattern: REF_PATTERN, example: '42' },
    })(target, key!, handler);
    ApiExtension(MISSING_SENTENCE, sentenceOf(notFound(what)))(target, key, handler);
  };
}

class RefPipe implements PipeTransform<string, ObjectRef> {
  constructor(
    private readonly what: Missing,
    private readonly typeId: IdKind | null,
  ) {}

  /** @throws Refusal 404 */
  transform(text: string): ObjectRef {
    const ref = parseRef(this.typeId, text);
    if (ref === null) {
      throw notFound(this.what);
    }
    return ref;
  }
}
