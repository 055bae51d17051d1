import type { Type } from '@nestjs/common';
import { ApiSchema } from '@nestjs/swagger';
import type { ListEnvelope } from '../pagination/page.js';
import { ObjectType, Shown, ShownCount } from './shown.js';

/** The envelope of all lists as a schema of its own: of `MessageDto` it is `MessageList`. */
export function listOf(item: Type, data: { readonly type: Type | [Type] } = { type: [item] }): Type<ListEnvelope> {
  @ApiSchema({ name: item.name.replace(/(Dto)?$/, 'List'), description: 'One page of a list.' })
  class List implements ListEnvelope {
    @ObjectType('list')
    readonly object!: 'list';

    @Shown({ ...data, description: 'The items of this page.' })
    readonly data: unknown;

    @Shown({
      type: Boolean,
      example: false,
      description: 'Whether there are more items after this page, or before it if `ending_before` was given.',
    })
    readonly has_more!: boolean;

    @ShownCount({ example: 1, description: 'How many items the whole list has.' })
    readonly total_count!: number;
  }
  return List;
}
