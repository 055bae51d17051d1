import { ApiProperty, ApiSchema, type ApiPropertyOptions } from '@nestjs/swagger';
import { exampleId, idPattern, type IdKind } from '../ids/type-id.js';

type ShownOptions = ApiPropertyOptions & { readonly description: string };
interface Described {
  readonly description: string;
  readonly nullable?: boolean;
  readonly required?: boolean;
}

/** A property of an answer. It is always there, unless it says otherwise. */
export const Shown: (options: ShownOptions) => PropertyDecorator = ApiProperty;

/** The id of an object of this kind. */
export function ShownId(kind: IdKind, options: Described): PropertyDecorator {
  return Shown({ type: String, pattern: idPattern(kind), example: exampleId(kind), ...options });
}

/** A moment, in Unix seconds. */
export function ShownTime(options: Described & { readonly example?: number | null }): PropertyDecorator {
  const { description, ...rest } = options;
  return Shown({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    example: 1_735_689_600,
    description: `${description} In Unix seconds.`,
    ...rest,
  });
}

/** How many there are of something. */
export function ShownCount(
  options: Described & { readonly example: number; readonly maximum?: number },
): PropertyDecorator {
  return Shown({ type: 'integer', minimum: 0, ...options });
}

export const Created = (): PropertyDecorator => ShownTime({ description: 'When the object was created.' });

export const Livemode = (): PropertyDecorator =>
  Shown({ type: Boolean, example: false, description: 'True for a live client, false for a test client.' });

/** `object`: what kind of object an answer is. */
export const ObjectType = (name: string): PropertyDecorator =>
  Shown({ type: String, enum: [name], description: `The type of this object: always \`${name}\`.` });

/** A body that is sent: what it is for; whatever else it holds is refused. */
export function RequestSchema(description: string): ClassDecorator {
  // Whatever is given ends in the schema; the type of the options names but two of them.
  const options = { description, additionalProperties: false };
  return ApiSchema(options);
}
