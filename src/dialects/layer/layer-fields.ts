import { field } from '../../platform/common/fields/field.js';
import type { FieldOptions } from '../../platform/common/fields/fields.js';
import { layerIdPattern, layerUri, layerUriPattern, parseLayerId, type Named } from './layer-id.js';
import { Shown } from '../../platform/common/openapi/shown.js';

/** A UUID to build examples of ids from. */
export const EXAMPLE_UUID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A Layer URI of this kind, or its UUID; read as the UUID. */
export function LayerUri(of: Named, { description, ...rest }: FieldOptions): PropertyDecorator {
  return field({
    ...rest,
    read: (value) => parseLayerId(of, value) ?? value,
    check: (value) =>
      parseLayerId(of, value) === value ? null : { says: `must be layer:///${of}/ and a UUID, or a UUID.` },
    schema: {
      type: String,
      pattern: layerIdPattern(of),
      example: layerUri(of, EXAMPLE_UUID),
      description,
      ...(rest.optional ? { nullable: true } : {}),
    },
  });
}

interface Described {
  readonly description: string;
  readonly nullable?: boolean;
}

/** The Layer URI of an object of this kind. */
export function ShownUri(of: Named, options: Described): PropertyDecorator {
  return Shown({ type: String, pattern: layerUriPattern(of), example: layerUri(of, EXAMPLE_UUID), ...options });
}

/** Where something is: `path` is an example, below the base URL. */
export function ShownUrl(path: string, options: Described): PropertyDecorator {
  return Shown({ type: String, format: 'uri', example: `https://chat.example.com${path}`, ...options });
}

/** A moment, in ISO 8601. */
export function ShownDate(options: Described): PropertyDecorator {
  return Shown({ type: String, format: 'date-time', example: '2026-11-21T10:00:00.000Z', ...options });
}
