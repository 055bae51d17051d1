import { CHANNELS } from './condition-fields.js';
import { TRIGGER_TYPES, type StepType, type TriggerType } from './definition.js';
import { DURATION_PATTERN } from './duration.js';

export const MAX_STEPS = 50;
export const MAX_REGEX = 500;
const MAX_TEXT = 16_000;
const MAX_SUBJECT = 500;
const MAX_URL = 2_048;
const MAX_CHOICES = 100;

const STEP_ID = { type: 'string', pattern: '^[a-z0-9_-]{1,40}$' };
const REF = {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    { type: 'string', pattern: '^([1-9][0-9]{0,15}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$' },
  ],
};
const NEXT = { ...STEP_ID, description: 'The step that comes next, or `end`. If left out, the one behind it.' };
const TEXT = { type: 'string', minLength: 1, maxLength: MAX_TEXT };
const TEMPLATE = { ...TEXT, description: 'A template: `{{first_name|there}}`, `{{trigger.match.1}}`.' };
const FILTER = {
  type: 'object',
  additionalProperties: true,
  description:
    'A filter as segments have it, also over `conversation.status`, `conversation.channel`, `conversation.priority`, `conversation.assigned_to` and `trigger.*`.',
};
const DURATION = {
  ...{ type: 'string', pattern: DURATION_PATTERN, maxLength: 40 },
  description: 'An ISO 8601 duration in weeks, days, hours, minutes and seconds, such as `P2D` or `PT15M`.',
};
const CHANNEL_LIST = {
  ...{ type: 'array', minItems: 1, maxItems: CHANNELS.length, items: { type: 'string', enum: [...CHANNELS] } },
  description: 'Only conversations by these channels.',
};

interface ObjectSchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
  readonly additionalProperties: false;
}

/** Of what says nothing of itself. */
const SAYS: Readonly<Record<string, string>> = {
  ...{ id: 'What the step is called here.', type: 'What this is.', then: 'The step that comes next where it holds.' },
  ...{ tag_id: 'The tag.', field: 'A field of the contact; `custom.plan` for one of your own.', status: 'The status.' },
  ...{ match: 'What the message must hold.', trigger: 'What triggers it.', steps: 'What is done, one after another.' },
};

const objectOf = (required: readonly string[], properties: Readonly<Record<string, object>>): ObjectSchema => ({
  type: 'object',
  required,
  properties: Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      'description' in schema || !(name in SAYS) ? schema : { ...schema, description: SAYS[name] },
    ]),
  ),
  additionalProperties: false,
});

const trigger = (type: TriggerType, more: Readonly<Record<string, object>> = {}, required: readonly string[] = []) =>
  objectOf(['type', ...required], { type: { type: 'string', const: type }, ...more });

const TAGS = {
  tag_ids: {
    ...{ type: 'array', minItems: 1, maxItems: MAX_CHOICES, items: REF },
    description: 'Only these tags; any if left out.',
  },
};
const CONVERSATION = { channels: CHANNEL_LIST };

/** By their types. */
export const TRIGGER_SCHEMAS: Readonly<Record<TriggerType, ObjectSchema>> = {
  'contact.created': trigger('contact.created'),
  'contact.updated': trigger('contact.updated', {
    fields: {
      ...{ type: 'array', minItems: 1, maxItems: MAX_CHOICES },
      items: { type: 'string', pattern: '^[a-z_]{1,64}$' },
      description: 'Only where one of these fields changed; any if left out.',
    },
  }),
  'contact.tagged': trigger('contact.tagged', TAGS),
  'contact.untagged': trigger('contact.untagged', TAGS),
  'contact.unsubscribed': trigger('contact.unsubscribed'),
  'conversation.created': trigger('conversation.created', CONVERSATION),
  'conversation.closed': trigger('conversation.closed', CONVERSATION),
  'conversation.reopened': trigger('conversation.reopened', CONVERSATION),
  'message.received': trigger('message.received', {
    channels: CHANNEL_LIST,
    match: {
      ...objectOf([], {
        keywords: {
          ...{ type: 'array', minItems: 1, maxItems: MAX_CHOICES },
          items: { type: 'string', minLength: 1, maxLength: 100, pattern: '\\S' },
          description: 'Words one of which it must hold, in any case and with any accents.',
        },
        regex: {
          ...{ type: 'string', minLength: 1, maxLength: MAX_REGEX },
          description:
            'A regular expression of RE2, without look-around and back-references, which it must match. What it found is `trigger.match.0`, its groups `trigger.match.1` and so on.',
        },
      }),
      minProperties: 1,
    },
  }),
  'campaign.opened': trigger('campaign.opened'),
  'campaign.clicked': trigger('campaign.clicked', {
    link: {
      ...{ type: 'string', minLength: 1, maxLength: MAX_URL },
      description:
        'Only this link, as it stands in the campaign, whenever a contact first follows it. If left out, the first link of a campaign that a contact follows.',
    },
  }),
  schedule: trigger(
    'schedule',
    {
      cron: { ...{ type: 'string', minLength: 9, maxLength: 100 }, description: 'Five fields: `0 9 * * 1`.' },
      timezone: { ...{ type: 'string', minLength: 1, maxLength: 64 }, description: 'A zone such as `Europe/Berlin`.' },
      segment_id: { ...REF, description: 'The segment whose contacts it runs for, each of them.' },
    },
    ['cron', 'timezone', 'segment_id'],
  ),
  webhook: trigger('webhook'),
};

const step = (type: StepType, more: Readonly<Record<string, object>> = {}, optional: readonly string[] = []) =>
  objectOf(['id', 'type', ...Object.keys(more).filter((name) => !optional.includes(name))], {
    id: STEP_ID,
    type: { type: 'string', const: type },
    ...(type === 'branch' ? {} : { next: NEXT }),
    ...more,
  });

/** By their types. */
export const STEP_SCHEMAS: Readonly<Record<StepType, ObjectSchema>> = {
  send_reply: step('send_reply', { body: TEMPLATE }),
  send_email: step('send_email', { subject: { ...TEMPLATE, maxLength: MAX_SUBJECT }, body: TEMPLATE }),
  send_sms: step('send_sms', { body: { ...TEMPLATE, maxLength: 1_600 } }),
  note: step('note', { body: TEMPLATE }),
  add_tag: step('add_tag', { tag_id: REF }),
  remove_tag: step('remove_tag', { tag_id: REF }),
  set_field: step('set_field', {
    field: {
      type: 'string',
      pattern:
        '^(first_name|last_name|company|job_title|city|country|timezone|lead_score|status|custom\\.[^.\\u0000]{1,64})$',
    },
    value: {
      anyOf: [
        { type: 'string', maxLength: 1_000 },
        { type: 'number', minimum: -Number.MAX_SAFE_INTEGER },
        { type: 'boolean' },
        { type: 'null' },
      ],
      description: 'What it becomes; a text is a template, null takes it away.',
    },
  }),
  assign: step('assign', {
    user_id: { anyOf: [...REF.anyOf, { type: 'null' }], description: 'The user; null for nobody.' },
  }),
  set_status: step('set_status', { status: { type: 'string', enum: ['open', 'pending', 'closed', 'spam'] } }),
  close: step('close'),
  wait: step(
    'wait',
    {
      for: DURATION,
      until: { type: 'string', enum: ['contact_replied'], description: 'What ends the wait early.' },
      then: { ...STEP_ID, description: 'With `until`: the step that comes next where that came first.' },
    },
    ['until', 'then'],
  ),
  branch: step('branch', { if: FILTER, then: STEP_ID, else: NEXT }, ['else']),
  webhook: step('webhook', {
    url: { ...{ type: 'string', minLength: 1, maxLength: MAX_URL }, description: 'Where it is POSTed to.' },
  }),
  ai_reply: step(
    'ai_reply',
    {
      mode: {
        ...{ type: 'string', enum: ['note', 'send'] },
        description:
          'What is done with the reply that a model writes: `note` (if left out) shows it to the team, `send` sends it to the contact as it is.',
      },
    },
    ['mode'],
  ),
};

/** Of a definition, in JSON Schema 2020-12. That steps lead to steps, and only forward, stands nowhere in it. */
export const DEFINITION_SCHEMA = {
  ...objectOf(['trigger', 'steps'], {
    trigger: { oneOf: TRIGGER_TYPES.map((type) => TRIGGER_SCHEMAS[type]) },
    conditions: FILTER,
    reentry: {
      ...{ type: 'string', maxLength: 50, pattern: `^(once|always|after:${DURATION_PATTERN.slice(1, -1)})$` },
      description:
        'Whether it runs again for a contact: `once`, `always` (if left out), or `after:` and a duration. Never while one runs for the contact.',
    },
    steps: { type: 'array', minItems: 1, maxItems: MAX_STEPS, items: { oneOf: Object.values(STEP_SCHEMAS) } },
  }),
} as const;
