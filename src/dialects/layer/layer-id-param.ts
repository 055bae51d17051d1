import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { EXAMPLE_UUID } from './layer-fields.js';
import { layerIdPattern, layerUri, parseLayerId, type Named } from './layer-id.js';
import { LayerRefusal } from './layer-refusal.js';

/** An id in the path, `:id`, read as the UUID. A malformed one names nothing, so it is answered like one that was never given. */
export function LayerIdParam(of: Named): ParameterDecorator {
  return (target, key, index) => {
    Param('id', new LayerIdPipe(of))(target, key, index);
    ApiParam({
      name: 'id',
      description: `The UUID at the end of ${layerUri(of, '…')}.`,
      schema: { type: 'string', pattern: layerIdPattern(of), example: EXAMPLE_UUID },
    })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
  };
}

class LayerIdPipe implements PipeTransform<string, string> {
  constructor(private readonly of: Named) {}

  /** @throws LayerRefusal 404 */
  transform(text: string): string {
    const id = parseLayerId(this.of, text);
    if (id === null) {
      throw new LayerRefusal('not_found', 'There is nothing with the specified identifier.');
    }
    return id;
  }
}
