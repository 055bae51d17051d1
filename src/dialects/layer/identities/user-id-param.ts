import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { MAX_URI } from './identity.dto.js';
import { parseUserId } from '../layer-id.js';
import { unknownIdentity } from './unknown-identity.js';

/** A user id in the path, `:user_id`, or the Layer URI of one. */
export function UserIdParam(): ParameterDecorator {
  return (target, key, index) => {
    Param('user_id', new UserIdPipe())(target, key, index);
    ApiParam({
      name: 'user_id',
      description: 'The user id: the external id of the customer or, without one, its id.',
      schema: { type: 'string', minLength: 1, maxLength: MAX_URI, example: 'jane' },
    })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
  };
}

class UserIdPipe implements PipeTransform<string, string> {
  /** @throws LayerRefusal not_found */
  transform(text: string): string {
    const userId = parseUserId(text);
    if (userId === null || !isStorable(userId)) {
      throw unknownIdentity();
    }
    return userId;
  }
}
