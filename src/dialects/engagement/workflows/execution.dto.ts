import { ApiSchema } from '@nestjs/swagger';
import { STEP_STATUSES, type StepStatus } from '../../../engagement/workflows/running/execution-step.entity.js';
import { EXECUTION_STATES, type ExecutionState } from '../../../engagement/workflows/running/execution.entity.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { Metadata } from '../../../platform/common/fields/metadata.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { ListQuery } from '../http/list-query.js';
import { Ref } from '../http/ref-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

const MAX_PAYLOAD_BYTES = 64 * 1024;
const STEP = { type: String, pattern: '^[a-z0-9_-]{1,40}$', example: 'tag' } as const;

export class ExecutionsQueryDto extends ListQuery {
  @Choice(EXECUTION_STATES, { optional: true, description: 'Only those in this state.' })
  readonly state?: ExecutionState | null;
}

@RequestSchema('What a workflow is triggered with.')
export class TriggerWorkflowDto {
  @Ref({ name: 'contact_id', optional: true, description: 'The contact that it is about.' })
  readonly contactId?: ObjectRef | null;

  @Metadata('What its texts and conditions know as `trigger`.', MAX_PAYLOAD_BYTES)
  readonly payload?: Readonly<Record<string, unknown>> | null;
}

@RequestSchema('What a workflow is tried with.')
export class DryRunWorkflowDto {
  @Ref({ name: 'contact_id', optional: true, description: 'The contact that it is about.' })
  readonly contactId?: ObjectRef | null;

  @Ref({
    ...{ name: 'conversation_id', typeId: 'conversation', optional: true },
    description: 'The conversation that triggers it; where no contact is given, it is about that of the conversation.',
  })
  readonly conversationId?: ObjectRef | null;

  @Metadata('What its texts and conditions know as `trigger`.', MAX_PAYLOAD_BYTES)
  readonly payload?: Readonly<Record<string, unknown>> | null;
}

@ApiSchema({ description: 'A step of an execution.' })
export class ExecutionStepDto {
  @Shown({ ...STEP, description: 'The id of the step.' })
  readonly id!: string;

  @Shown({ type: String, maxLength: 40, example: 'add_tag', description: 'What it does.' })
  readonly type!: string;

  @Shown({
    ...{ type: String, enum: [...STEP_STATUSES], example: 'completed' },
    description:
      'What came of it. One that is `skipped` had nothing to do, or nobody to do it to: its output says why.',
  })
  readonly status!: StepStatus;

  @Shown({ type: 'integer', minimum: 1, example: 1, description: 'Which attempt this was.' })
  readonly attempt!: number;

  @ShownMoment({ description: 'When it began.' })
  readonly started_at!: string;

  @ShownMoment({ nullable: true, description: 'When it was done; null while it is not.' })
  readonly finished_at!: string | null;

  @Shown({
    ...{ type: 'object', additionalProperties: true, nullable: true, example: { changed: true } },
    description: 'What came of it; at most 4 KB.',
  })
  readonly output!: Record<string, unknown> | null;

  @Shown({ type: String, nullable: true, maxLength: 2_000, example: null, description: 'What went wrong.' })
  readonly error!: string | null;
}

@ApiSchema({ description: 'One run of a workflow.' })
export class ExecutionDto {
  @ShownNumber('The id of the execution.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({
    ...{ type: String, enum: [...EXECUTION_STATES], example: 'completed' },
    description: 'Where it stands. One that is `skipped` never began: `reason` says why.',
  })
  readonly state!: ExecutionState;

  @Shown({
    ...{ type: String, nullable: true, maxLength: 2_000, example: null },
    description:
      'Why it was skipped (`conditions`, `reentry`, `loop`, `limit`, `inactive`), was cancelled (`cancelled`, `contact_erased`), or failed.',
  })
  readonly reason!: string | null;

  @Shown({ type: 'integer', minimum: 1, example: 1, description: 'The version of the definition that it goes by.' })
  readonly version!: number;

  @ShownNumber('The id of the contact that it is about; null where it is about none, or that is gone.', {
    nullable: true,
  })
  readonly contact_id!: number | null;

  @ShownNumber('The id of the conversation that triggered it; null where none did.', { nullable: true })
  readonly conversation_id!: number | null;

  @Shown({
    ...{ type: 'object', additionalProperties: true, example: { type: 'message.received', text: 'refund' } },
    description: 'What its texts and conditions know as `trigger`.',
  })
  readonly trigger!: Record<string, unknown>;

  @Shown({ ...STEP, nullable: true, description: 'The step that is next; null where there is none.' })
  readonly step!: string | null;

  @ShownMoment({ nullable: true, description: 'When it goes on; null where it does not by itself.' })
  readonly wake_at!: string | null;

  @Shown({ type: ExecutionStepDto, isArray: true, description: 'What was done, in this order.' })
  readonly steps!: readonly ExecutionStepDto[];

  @CreatedAt()
  readonly created_at!: string;

  @ShownMoment({ nullable: true, description: 'When it ended; null while it has not.' })
  readonly ended_at!: string | null;
}

@ApiSchema({ description: 'What a request triggered.' })
export class TriggeredDto {
  @ShownNumber('The id of the execution.')
  readonly execution_id!: number;
}

const TRIED = ['completed', 'skipped', 'failed'] as const;

@ApiSchema({ description: 'A step that a workflow would take.' })
export class DryStepDto {
  @Shown({ ...STEP, description: 'The id of the step.' })
  readonly id!: string;

  @Shown({ type: String, maxLength: 40, example: 'send_reply', description: 'What it does.' })
  readonly type!: string;

  @Shown({
    ...{ type: String, enum: [...TRIED], example: 'completed' },
    description: 'What would come of it. A `failed` one is the last.',
  })
  readonly status!: (typeof TRIED)[number];

  @Shown({
    ...{ type: 'object', additionalProperties: true, nullable: true, example: { body: 'Hi Anna!' } },
    description: 'What would come of it; texts as they would be said.',
  })
  readonly output!: object | null;

  @Shown({ type: String, nullable: true, maxLength: 2_000, example: null, description: 'What would go wrong.' })
  readonly error!: string | null;
}

@ApiSchema({ description: 'What a workflow would do. Nothing of it was done.' })
export class DryRunDto {
  @Shown({
    ...{ type: String, enum: ['conditions'], nullable: true, example: null },
    description: 'Why it would do nothing: its conditions do not hold. Null where they do.',
  })
  readonly reason!: 'conditions' | null;

  @Shown({ type: DryStepDto, isArray: true, description: 'The steps that it would take, in this order.' })
  readonly steps!: readonly DryStepDto[];
}
