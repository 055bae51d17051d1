import { ApiSchema } from '@nestjs/swagger';
import { CANNED_SCOPES, type CannedScope } from '../../../engagement/canned-responses/canned-response.entity.js';
import { REPLY_NAMES } from '../../../engagement/templates/known-names.js';
import { faultIn } from '../../../engagement/templates/template.js';
import { field, type Problem } from '../../../platform/common/fields/field.js';
import { checkText, Choice, Text, type FieldOptions } from '../../../platform/common/fields/fields.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { Search } from '../http/query-fields.js';
import { Ref } from '../http/ref-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

const MAX_TITLE = 255;
const MAX_CONTENT = 5_000;
const MAX_CATEGORY = 100;
const SHORTCUT = /^\/?[\p{L}\d_-]{1,50}$/u;
const CONTENT =
  'What it says. `{{first_name|there}}` is replaced by the contact’s first name, or by “there”. Also `last_name`, `name`, `email`, `phone`, `company`, `job_title`, `city`, `country`, `custom.` and the key of a custom field, `workspace.name`, `agent.name`. `{{#company}}…{{/company}}` is said where it is known, `{{^company}}…{{/company}}` where it is not.';
const READ_ONLY = ['id', 'uuid', 'usage_count', 'created_at'];

interface Options {
  readonly optional?: boolean;
}

const Title = (options: Options = {}): PropertyDecorator =>
  Text({ ...options, max: MAX_TITLE, example: 'Greeting', description: 'What it is found by.' });

const Category = (): PropertyDecorator =>
  Text({ optional: true, max: MAX_CATEGORY, example: 'Hello', description: 'A category; none if null.' });

const Scope = (description: string): PropertyDecorator => Choice(CANNED_SCOPES, { optional: true, description });

/** What is said, with placeholders. */
const Content = (
  options: Options & Pick<FieldOptions, 'unless' | 'excludes'>,
  description: string,
): PropertyDecorator =>
  field({
    ...options,
    check: (value) => checkText(value, MAX_CONTENT) ?? checkTemplate(value as string),
    schema: {
      ...{ type: String, minLength: 1, maxLength: MAX_CONTENT, example: 'Hi {{first_name|there}}', description },
      ...(options.optional ? { nullable: true } : {}),
    },
  });

function checkTemplate(source: string): Problem {
  const says = faultIn(source, REPLY_NAMES);
  return says === null ? null : { says };
}

/** A slash in front is one that it is typed with. */
function Shortcut(): PropertyDecorator {
  return field({
    optional: true,
    check: (value) =>
      typeof value === 'string' && SHORTCUT.test(value)
        ? null
        : { says: 'must be up to 50 letters, digits, hyphens and underscores.' },
    schema: {
      type: String,
      maxLength: 51,
      nullable: true,
      example: '/greet',
      description:
        'What it is called up by: letters, digits, hyphens and underscores, with or without the slash; none if null. Unique in the workspace.',
    },
  });
}

export class CannedResponsesQuery {
  @Search('In title, text and shortcut.')
  readonly search?: string | null;

  @Text({ optional: true, max: MAX_CATEGORY, description: 'Only those of this category.' })
  readonly category?: string | null;
}

@RequestSchema('A new canned response.')
@PassesOver(...READ_ONLY)
export class CreateCannedResponseDto {
  @Title()
  readonly title!: string;

  @Content({ unless: 'body' }, CONTENT)
  readonly content?: string;

  @Content({ optional: true, excludes: 'content' }, 'The same as `content`.')
  readonly body?: string | null;

  @Shortcut()
  readonly shortcut?: string | null;

  @Scope('Whether it is yours alone or the team’s; `personal` if left out.')
  readonly scope?: CannedScope | null;

  @Category()
  readonly category?: string | null;
}

@RequestSchema('Changes to a canned response. What is left out stays as it is.')
@PassesOver(...READ_ONLY)
export class UpdateCannedResponseDto {
  @Title({ optional: true })
  readonly title?: string | null;

  @Content({ optional: true }, CONTENT)
  readonly content?: string | null;

  @Content({ optional: true }, 'The same as `content`, which counts where both are given.')
  readonly body?: string | null;

  @Shortcut()
  readonly shortcut?: string | null;

  @Scope('Whether it is yours alone or the team’s. Only who made it can make it `personal`.')
  readonly scope?: CannedScope | null;

  @Category()
  readonly category?: string | null;
}

@RequestSchema('Where a canned response is to be said.')
export class RenderCannedResponseDto {
  @Ref({ name: 'conversation_id', typeId: 'conversation', description: 'The conversation.' })
  readonly conversationId!: ObjectRef;
}

@ApiSchema({ description: 'What is answered often.' })
export class CannedResponseDto {
  @ShownNumber('The id of the canned response.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: MAX_TITLE, example: 'Greeting', description: 'What it is found by.' })
  readonly title!: string;

  @Shown({ type: String, maxLength: MAX_CONTENT, example: 'Hi {{first_name|there}}', description: CONTENT })
  readonly content!: string;

  @Shown({
    type: String,
    maxLength: MAX_CONTENT,
    example: 'Hi {{first_name|there}}',
    description: 'The same as `content`.',
  })
  readonly body!: string;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 51,
    example: '/greet',
    description: 'What it is called up by, with a slash; null if there is none.',
  })
  readonly shortcut!: string | null;

  @Shown({ type: String, enum: [...CANNED_SCOPES], example: 'team', description: 'Whether it is the team’s.' })
  readonly scope!: CannedScope;

  @Shown({
    type: String,
    nullable: true,
    maxLength: MAX_CATEGORY,
    example: null,
    description: 'Its category; null if there is none.',
  })
  readonly category!: string | null;

  @ShownCount({ example: 9, description: 'In how many replies it was named.' })
  readonly usage_count!: number;

  @CreatedAt()
  readonly created_at!: string;
}

@ApiSchema({ description: 'What a canned response says in a conversation.' })
export class RenderedCannedResponseDto {
  @Shown({
    type: String,
    maxLength: 1_048_576,
    example: 'Hi Anna',
    description: 'The text, with all placeholders replaced.',
  })
  readonly content!: string;
}

@ApiSchema({ description: 'It is gone.' })
export class DeletedDto {
  @Shown({ type: String, enum: ['Deleted.'], description: 'Always `Deleted.`.' })
  readonly message!: 'Deleted.';
}
