import { readInput } from '../../../platform/common/fields/read-input.js';
import { metadataOperation, operationsIn, wrong, type MetadataOperation } from '../conversations/patch.js';
import { ChannelNameDto } from './channel.dto.js';

export interface ChannelPatch {
  /** Not given: it stays. */
  readonly name?: string;
  /** In the order in which they are to be done. */
  readonly metadata: readonly MetadataOperation[];
}

/** A Layer Patch of what can be changed of a channel. @throws Refusal 400 or 422 */
export function readChannelPatch(given: unknown): ChannelPatch {
  const metadata: MetadataOperation[] = [];
  let name: string | undefined;
  for (const { operation, property, path, value } of operationsIn(given)) {
    const [first, ...rest] = path;
    if (first === 'metadata') {
      metadata.push(metadataOperation(operation, rest, value));
    } else if (property === 'name' && operation === 'set') {
      name = readInput(ChannelNameDto, { name: value }).name;
    } else {
      throw wrong(property, 'can not be changed like this.');
    }
  }
  return { metadata, ...(name === undefined ? {} : { name }) };
}
