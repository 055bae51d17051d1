import { ApiSchema } from '@nestjs/swagger';
import { Choice, TextList } from '../../../platform/common/fields/fields.js';
import { field } from '../../../platform/common/fields/field.js';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { Nested } from '../../../platform/common/fields/nested.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { REPLIES, STOP_WORDS } from '../../../workspaces/opt-out-words.js';

const SCOPES = ['number', 'workspace'] as const;
const MAX_WORDS = 50;
const MAX_WORD = 30;
/** One text message of the longest kind. */
const MAX_REPLY = 320;

const SCOPE = 'Whom an opt-out concerns: `number`, the number that was answered; `workspace`, all of them.';
const WORDS = 'Words that opt out, beside those that always do.';

function Reply(description: string): PropertyDecorator {
  return field({
    optional: true,
    check: (value) =>
      typeof value === 'string' && value.length <= MAX_REPLY && isStorable(value)
        ? null
        : { says: `must be a string of at most ${MAX_REPLY} characters.` },
    schema: { type: String, maxLength: MAX_REPLY, description: `${description}; nothing is sent if empty.` },
  });
}

@RequestSchema('What is answered to the words that opt out and in.')
export class SetOptOutRepliesDto {
  @Reply('The answer to an opt-out')
  readonly stop?: string;

  @Reply('The answer to its end')
  readonly start?: string;

  @Reply('The answer to HELP')
  readonly help?: string;
}

@RequestSchema('How people opt out of the messages of a workspace.')
export class SetOptOutRulesDto {
  @Choice(SCOPES, { optional: true, description: SCOPE })
  readonly scope?: (typeof SCOPES)[number];

  @TextList({ optional: true, maxItems: MAX_WORDS, max: MAX_WORD, example: ['ARRET'], description: WORDS })
  readonly stop?: readonly string[];

  @Nested(SetOptOutRepliesDto, { optional: true, description: 'What is answered.' })
  readonly replies?: SetOptOutRepliesDto;
}

@ApiSchema({ description: 'What is answered to the words that opt out and in.' })
export class OptOutRepliesDto {
  @Shown({ type: String, maxLength: MAX_REPLY, example: REPLIES.stop, description: 'The answer to an opt-out.' })
  readonly stop!: string;

  @Shown({ type: String, maxLength: MAX_REPLY, example: REPLIES.start, description: 'The answer to its end.' })
  readonly start!: string;

  @Shown({ type: String, maxLength: MAX_REPLY, example: `Acme: ${REPLIES.help}`, description: 'The answer to HELP.' })
  readonly help!: string;
}

@ApiSchema({ description: 'How people opt out of the messages of a workspace.' })
export class OptOutRulesDto {
  @Shown({ type: String, enum: [...SCOPES], example: 'number', description: SCOPE })
  readonly scope!: (typeof SCOPES)[number];

  @Shown({
    type: 'array',
    items: { type: 'string', maxLength: MAX_WORD },
    maxItems: MAX_WORDS + STOP_WORDS.length,
    example: [...STOP_WORDS],
    description: 'Every word that opts out.',
  })
  readonly stop!: readonly string[];

  @Shown({ type: OptOutRepliesDto, description: 'What is answered.' })
  readonly replies!: OptOutRepliesDto;
}
