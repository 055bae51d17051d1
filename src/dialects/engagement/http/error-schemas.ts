import { ROLES } from '../../../platform/common/tenancy/roles.js';
import { ENGAGEMENT_SCOPES } from '../../../platform/common/tenancy/scopes.js';

/** As long as it takes. */
const MESSAGE = { type: 'string', maxLength: 10_000, description: 'What went wrong, for people to read.' };

/** What an error says here. Which keys it has tells the kinds apart. */
export const ERROR_SCHEMAS = {
  Problem: {
    type: 'object',
    description: 'Why a request failed.',
    required: ['message'],
    properties: {
      message: MESSAGE,
      code: {
        type: 'string',
        enum: ['AI_NOT_CONFIGURED', 'AI_LIMIT_REACHED', 'AI_FAILED'],
        description: 'Of what a model was to do: why it did not.',
      },
    },
  },
  InvalidFields: {
    type: 'object',
    description: 'Which fields of a request are missing or wrong.',
    required: ['errors'],
    properties: {
      errors: {
        type: 'object',
        description: 'What is wrong with each field, by field name; names of nested fields are joined by dots.',
        additionalProperties: { type: 'array', items: { type: 'string', maxLength: 10_000 } },
        example: { email: ['The email field is required.'] },
      },
    },
  },
  MissingScope: {
    type: 'object',
    description: 'The token lacks the scope.',
    required: ['message', 'required_scope'],
    properties: {
      message: MESSAGE,
      required_scope: { type: 'string', enum: [...ENGAGEMENT_SCOPES], description: 'The scope that is needed.' },
    },
  },
  MissingRole: {
    type: 'object',
    description: 'There is no active workspace, or the role in it is too low.',
    required: ['error', 'code'],
    properties: {
      error: MESSAGE,
      code: { type: 'string', enum: ['NO_WORKSPACE', 'FORBIDDEN'], description: 'Which of the two.' },
      required_role: { type: 'string', enum: [...ROLES], description: 'The role that is needed.' },
    },
  },
  Conflict: {
    type: 'object',
    description: 'What is in the way.',
    required: ['message', 'code'],
    properties: {
      message: MESSAGE,
      code: {
        type: 'string',
        maxLength: 50,
        description: 'What it is, for programs to branch on: `idempotency_key_in_use`, `stale`, `limit_reached`.',
      },
      data: {
        type: 'object',
        additionalProperties: true,
        description: 'What is in the way, as it is shown.',
      },
    },
  },
} as const;
