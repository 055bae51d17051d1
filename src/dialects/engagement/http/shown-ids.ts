import { Shown } from '../../../platform/common/openapi/shown.js';

interface Options {
  readonly nullable?: boolean;
}

/** An id: a number in its workspace. */
export function ShownNumber(description: string, options: Options = {}): PropertyDecorator {
  return Shown({ type: 'integer', format: 'int64', minimum: 1, example: 42, description, ...options });
}

/** The UUID beside an id. */
export function ShownUuid(description = 'The UUID of the same.', options: Options = {}): PropertyDecorator {
  return Shown({
    type: String,
    format: 'uuid',
    example: '01890a5d-ac96-774b-bcce-b302099a8057',
    description,
    ...options,
  });
}
