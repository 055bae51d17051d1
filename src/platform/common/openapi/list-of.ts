import type { Type } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ListEnvelope } from '../pagination/pagination.interceptor.js';

/** The envelope of all lists as a schema of its own: of `MessageDto` it is `MessageList`. */
export function listOf(item: Type, data: { readonly type: Type | [Type] } = { type: [item] }): Type<ListEnvelope> {
  @ApiSchema({ name: item.name.replace(/(Dto)?$/, 'List') })
  class List implements ListEnvelope {
    @ApiProperty({ type: String, enum: ['list'] })
    readonly object!: 'list';

    @ApiProperty(data)
    readonly data: unknown;

    @ApiProperty({ type: Boolean, description: 'Whether there are more items in the direction of the page.' })
    readonly has_more!: boolean;

    @ApiProperty({ type: 'integer', minimum: 0, description: 'How many rows the whole list has.' })
    readonly total_count!: number;
  }
  return List;
}
