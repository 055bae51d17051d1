import { ApiSchema } from '@nestjs/swagger';
import { DEFINITION_SCHEMA } from '../../../engagement/workflows/definition/definition-schema.js';
import {
  TRIGGER_TYPES,
  type Definition,
  type TriggerType,
} from '../../../engagement/workflows/definition/definition.js';
import type { WorkflowTemplate } from '../../../engagement/workflows/definition/templates.js';
import { WORKFLOW_STATUSES, type WorkflowStatus } from '../../../engagement/workflows/workflow.entity.js';
import type { WorkflowSort } from '../../../engagement/workflows/workflows.service.js';
import { field } from '../../../platform/common/fields/field.js';
import { Choice, Text } from '../../../platform/common/fields/fields.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ListQuery, SortBy } from '../http/list-query.js';
import { Search } from '../http/query-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

const MAX_NAME = 255;
const READ_ONLY = [
  ...['id', 'uuid', 'status', 'trigger', 'executions_count', 'version', 'created_at', 'updated_at'],
] as const;

export const EXAMPLE_DEFINITION = {
  trigger: { type: 'message.received', match: { keywords: ['refund'] } },
  conditions: { all: [{ field: 'status', op: 'in', value: ['active'] }] },
  steps: [
    { id: 'tag', type: 'add_tag', tag_id: 3 },
    { id: 'answer', type: 'send_reply', body: 'Hi {{first_name|there}}, we look after it.' },
    { id: 'wait', type: 'wait', for: 'P2D', until: 'contact_replied', then: 'end' },
    { id: 'close', type: 'close' },
  ],
};
const DEFINITION_SAYS =
  'What triggers it, for whom, and its steps. A step leads to the one behind it, to `next` or to `end`, always forward.';

/** What is wrong with it is told by the service, by path. */
function DefinitionField(optional: boolean): PropertyDecorator {
  return field({
    name: 'definition',
    optional,
    check: () => null,
    schema: {
      ...(DEFINITION_SCHEMA as object),
      ...(optional ? { nullable: true } : {}),
      example: EXAMPLE_DEFINITION,
      description: DEFINITION_SAYS,
    },
  });
}

const Name = (optional: boolean): PropertyDecorator =>
  Text({ name: 'name', max: MAX_NAME, example: 'Refunds', optional, description: 'The name.' });

@RequestSchema('A new workflow. It does nothing before it is activated.')
@PassesOver(...READ_ONLY)
export class CreateWorkflowDto {
  @Name(false)
  readonly name!: string;

  @DefinitionField(false)
  readonly definition!: unknown;
}

@RequestSchema('What changes of a workflow.')
@PassesOver(...READ_ONLY)
export class UpdateWorkflowDto {
  @Name(true)
  readonly name?: string | null;

  @DefinitionField(true)
  readonly definition?: unknown;
}

export class WorkflowsQueryDto extends ListQuery {
  @Search('In names.')
  readonly search?: string | null;

  @Choice(WORKFLOW_STATUSES, { optional: true, description: 'Only those in this state.' })
  readonly status?: WorkflowStatus | null;

  @Choice(TRIGGER_TYPES, { optional: true, description: 'Only those that this triggers.' })
  readonly trigger?: TriggerType | null;

  @SortBy(['created_at', 'name', 'status', 'executions_count'])
  readonly sortBy?: WorkflowSort | null;
}

@ApiSchema({ description: 'What is done by itself when something happens.' })
export class WorkflowDto {
  @ShownNumber('The id of the workflow.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: MAX_NAME, example: 'Refunds', description: 'The name.' })
  readonly name!: string;

  @Shown({
    ...{ type: String, enum: [...WORKFLOW_STATUSES], example: 'active' },
    description: 'Whether it runs. A `paused` one stands still: what runs of it goes on when it is active again.',
  })
  readonly status!: WorkflowStatus;

  @Shown({
    ...{ type: String, enum: [...TRIGGER_TYPES], example: 'message.received' },
    description: 'What triggers it: the type of the trigger in its definition.',
  })
  readonly trigger!: TriggerType;

  @ShownCount({ example: 12, description: 'How often it was triggered.' })
  readonly executions_count!: number;

  @Shown({
    ...(DEFINITION_SCHEMA as object),
    example: EXAMPLE_DEFINITION,
    description: 'What triggers it, for whom, and its steps. Tags, segments and users are named by their ids.',
  })
  readonly definition!: Definition;

  @Shown({
    ...{ type: 'integer', minimum: 1, example: 1 },
    description: 'Which version of the definition this is. An execution goes on with the one it began with.',
  })
  readonly version!: number;

  @CreatedAt()
  readonly created_at!: string;

  @ShownMoment({ description: 'When it was last changed.' })
  readonly updated_at!: string;
}

@ApiSchema({ description: 'What a receiver of its webhooks, and whoever triggers it, must know.' })
export class WorkflowSecretsDto {
  @Shown({
    ...{ type: String, pattern: '^whsec_[A-Za-z0-9+/=]+$', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    description: 'The secret that its webhooks are signed with.',
  })
  readonly webhook_secret!: string;

  @Shown({
    ...{ type: String, nullable: true, maxLength: 2_048, example: 'https://example.com/hooks/workflows/t0ken' },
    description: 'Where a POST triggers it, for whoever knows it; null unless its trigger is `webhook`.',
  })
  readonly hook_url!: string | null;
}

@ApiSchema({ description: 'A workflow that somebody has thought of already.' })
export class WorkflowTemplateDto {
  @Shown({
    ...{ type: String, pattern: '^[a-z_]{1,40}$', example: 'welcome_series' },
    description: 'What programs know it by.',
  })
  readonly key!: string;

  @Shown({ type: String, maxLength: MAX_NAME, example: 'Welcome series', description: 'The name.' })
  readonly name!: string;

  @Shown({
    ...{ type: String, enum: ['onboarding', 'nurturing', 'support', 'data', 'integration'], example: 'onboarding' },
    description: 'What it is for.',
  })
  readonly category!: WorkflowTemplate['category'];

  @Shown({
    ...{ type: String, maxLength: 500, example: 'Three mails to whoever is new.' },
    description: 'What it does.',
  })
  readonly description!: string;

  @Shown({
    ...(DEFINITION_SCHEMA as object),
    example: EXAMPLE_DEFINITION,
    description: 'A definition as new workflows take it. It names no tag, segment or user.',
  })
  readonly definition!: Definition;
}
