import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { notFound } from '../errors/refusal.js';
import { spoken } from '../fields/fields.js';
import { exampleId, idOrUuidPattern, parseId, type IdKind } from './type-id.js';

/** An id in the path, read as the UUID. A malformed one names nothing, so it is answered like one that was never given. */
export function IdParam(kind: IdKind, name = 'id'): ParameterDecorator {
  return (target, key, index) => {
    Param(name, new IdPipe(kind))(target, key, index);
    // Nest gives a parameter decorator of its own no way to describe itself; what describes a method does it instead.
    ApiParam({
      name,
      description: `The id of the ${spoken(kind)}, or its bare UUID.`,
      schema: { type: 'string', pattern: idOrUuidPattern(kind), example: exampleId(kind) },
    })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
  };
}

class IdPipe implements PipeTransform<string, string> {
  constructor(private readonly kind: IdKind) {}

  /** @throws Refusal 404 */
  transform(text: string): string {
    const id = parseId(this.kind, text);
    if (id === null) {
      throw notFound(this.kind);
    }
    return id;
  }
}
