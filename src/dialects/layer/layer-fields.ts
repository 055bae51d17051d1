import { field } from '../../platform/common/fields/field.js';
import type { FieldOptions } from '../../platform/common/fields/fields.js';
import { layerUri, parseLayerId, type Named } from './layer-id.js';

/** A UUID to build examples of ids from. */
export const EXAMPLE_UUID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A Layer URI of this kind, or its UUID; read as the UUID. */
export function LayerUri(of: Named, { description, ...rest }: FieldOptions = {}): PropertyDecorator {
  return field({
    ...rest,
    read: (value) => parseLayerId(of, value) ?? value,
    check: (value) =>
      parseLayerId(of, value) === value ? null : { says: `must be layer:///${of}/ and a UUID, or a UUID.` },
    schema: {
      type: String,
      example: layerUri(of, EXAMPLE_UUID),
      ...(description === undefined ? {} : { description }),
      ...(rest.optional ? { nullable: true } : {}),
    },
  });
}
