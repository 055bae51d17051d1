import { ApiSchema } from '@nestjs/swagger';
import { checkText, Text } from '../../../platform/common/fields/fields.js';
import { field } from '../../../platform/common/fields/field.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { ANY_LENGTH } from '../messages/text-message.dto.js';

const EXAMPLE = 'Hi {{name}}, your order {{order}} is on its way.';

function TemplateText(options: { readonly optional?: true } = {}): PropertyDecorator {
  return field({
    ...options,
    check: (value) => checkText(value, ANY_LENGTH),
    schema: {
      type: String,
      minLength: 1,
      maxLength: 1_600,
      example: EXAMPLE,
      description:
        'What it says, in at most 1600 characters. Variables are names in double braces: letters, digits and underscores. `{{name}}` and `{{phone}}` are the contact’s.',
      ...(options.optional ? { nullable: true } : {}),
    },
  });
}

@RequestSchema('A new template.')
export class CreateTemplateDto {
  @Text({ max: 255, example: 'Order sent', description: 'What to call it; no other template is called so.' })
  readonly name!: string;

  @TemplateText()
  readonly body!: string;
}

@RequestSchema('Changes to a template.')
export class UpdateTemplateDto {
  @Text({ max: 255, optional: true, description: 'What to call it; no other template is called so.' })
  readonly name?: string | null;

  @TemplateText({ optional: true })
  readonly body?: string | null;
}

@ApiSchema({ name: 'TextTemplate', description: 'A text that is sent often.' })
export class TemplateDto {
  @ShownId('template', { description: 'The id of the template.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'Order sent', description: 'What it is called.' })
  readonly name!: string;

  @Shown({ maxLength: 1_600, example: EXAMPLE, description: 'What it says.' })
  readonly body!: string;

  @Shown({
    type: 'array',
    items: { type: 'string', maxLength: 64 },
    maxItems: 320,
    example: ['name', 'order'],
    description: 'The names of its variables.',
  })
  readonly variables!: readonly string[];

  @CreatedAt()
  readonly createdAt!: string;

  @ShownMoment({ description: 'When it last changed.' })
  readonly updatedAt!: string;
}
