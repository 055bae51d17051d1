import { ApiSchema } from '@nestjs/swagger';
import { field } from '../../../platform/common/fields/field.js';
import { Text } from '../../../platform/common/fields/fields.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ListQuery } from '../http/list-query.js';
import { Search } from '../http/query-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

const COLOR = /^#[0-9a-f]{6}$/;
const READ_ONLY = ['id', 'uuid', 'contacts_count', 'created_at'] as const;

function Color(): PropertyDecorator {
  return field({
    name: 'color',
    optional: true,
    read: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    check: (value) =>
      typeof value === 'string' && COLOR.test(value) ? null : { says: 'must be a color such as #d97706.' },
    schema: {
      type: String,
      pattern: '^#[0-9a-fA-F]{6}$',
      nullable: true,
      example: '#d97706',
      description: 'The color it is shown in; gray if never set.',
    },
  });
}

export class TagsQueryDto extends ListQuery {
  @Search('In the name.')
  readonly search?: string | null;
}

@RequestSchema('A new tag.')
@PassesOver(...READ_ONLY)
export class CreateTagDto {
  @Text({ max: 50, example: 'VIP', description: 'The name. No two tags differ only by case.' })
  readonly name!: string;

  @Color()
  readonly color?: string | null;
}

@RequestSchema('What of a tag is to be changed; what is left out stays.')
@PassesOver(...READ_ONLY)
export class UpdateTagDto {
  @Text({ max: 50, example: 'VIP', optional: true, description: 'The name. No two tags differ only by case.' })
  readonly name?: string | null;

  @Color()
  readonly color?: string | null;
}

@ApiSchema({ description: 'A word that contacts are marked with.' })
export class TagDto {
  @ShownNumber('The id of the tag.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: 50, example: 'VIP', description: 'Its name.' })
  readonly name!: string;

  @Shown({ type: String, pattern: COLOR.source, example: '#d97706', description: 'Its color.' })
  readonly color!: string;

  @ShownCount({ example: 12, description: 'How many contacts have it.' })
  readonly contacts_count!: number;

  @CreatedAt()
  readonly created_at!: string;
}
