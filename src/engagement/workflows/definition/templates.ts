import type { Definition, Step } from './definition.js';

/** A workflow that somebody has thought of already: it names nothing that a workspace would have to have first. */
export interface WorkflowTemplate {
  readonly key: string;
  readonly name: string;
  readonly category: 'onboarding' | 'nurturing' | 'support' | 'data' | 'integration';
  readonly description: string;
  readonly definition: Definition;
}

const MAILABLE = {
  all: [
    { field: 'email', op: 'is_set' },
    { field: 'subscribed', op: 'is', value: true },
  ],
} as const;
const email = (id: string, subject: string, body: string, next?: string): Step => ({
  ...{ id, type: 'send_email', subject, body },
  ...(next === undefined ? {} : { next }),
});
const wait = (id: string, duration: string): Step => ({ id, type: 'wait', for: duration });
/** Goes on with `then` where the contact writes meanwhile. */
const waitForReply = (id: string, duration: string, then = 'end'): Step => ({
  ...{ id, type: 'wait', for: duration, until: 'contact_replied', then },
});
const stage = (id: string, value: string, next?: string): Step => ({
  ...{ id, type: 'set_field', field: 'custom.stage', value },
  ...(next === undefined ? {} : { next }),
});
const note = (id: string, body: string): Step => ({ id, type: 'note', body });
const reply = (id: string, body: string): Step => ({ id, type: 'send_reply', body });

/** Drips are workflows with waits. */
export const WORKFLOW_TEMPLATES: readonly WorkflowTemplate[] = [
  {
    ...{ key: 'welcome_series', name: 'Welcome series', category: 'onboarding' },
    description: 'Three mails to whoever is new: at once, after two days, and after a week.',
    definition: {
      ...{ trigger: { type: 'contact.created' }, conditions: MAILABLE, reentry: 'once' },
      steps: [
        email('welcome', 'Welcome to {{workspace.name}}', 'Hi {{first_name|there}}, good to have you with us.'),
        wait('two_days', 'P2D'),
        email(
          'first_steps',
          'Your first steps',
          'Hi {{first_name|there}}, have you found your way? Just reply to ask.',
        ),
        wait('five_days', 'P5D'),
        email('a_week', 'One week with {{workspace.name}}', 'Hi {{first_name|there}}, how has it been so far?'),
        stage('welcomed', 'welcomed'),
      ],
    },
  },
  {
    ...{ key: 'onboarding_check_in', name: 'Onboarding check-in', category: 'onboarding' },
    description: 'Asks a new contact after three days how it goes, and once more where nobody answers.',
    definition: {
      ...{ trigger: { type: 'contact.created' }, conditions: MAILABLE, reentry: 'once' },
      steps: [
        wait('three_days', 'P3D'),
        email('ask', 'How is it going?', 'Hi {{first_name|there}}, how is it going? A reply reaches us directly.'),
        waitForReply('four_days', 'P4D', 'answered'),
        email('again', 'Can we help?', 'Hi {{first_name|there}}, can we help with anything?', 'end'),
        stage('answered', 'engaged'),
      ],
    },
  },
  {
    ...{ key: 'educational_drip', name: 'Educational series', category: 'nurturing' },
    description: 'A mail a week for four weeks, to whoever a program of yours enrols by the address of the workflow.',
    definition: {
      ...{ trigger: { type: 'webhook' }, conditions: MAILABLE, reentry: 'once' },
      steps: [
        email('lesson_1', 'Lesson 1', 'Hi {{first_name|there}}, this is the first of four lessons.'),
        wait('week_1', 'P7D'),
        email('lesson_2', 'Lesson 2', 'Hi {{first_name|there}}, this is the second lesson.'),
        wait('week_2', 'P7D'),
        email('lesson_3', 'Lesson 3', 'Hi {{first_name|there}}, this is the third lesson.'),
        wait('week_3', 'P7D'),
        email('lesson_4', 'Lesson 4', 'Hi {{first_name|there}}, this is the last lesson.'),
      ],
    },
  },
  {
    ...{ key: 'trial_ending', name: 'Trial is ending', category: 'nurturing' },
    description: 'Reminds of the end of a trial of fourteen days, three days before it and on the day.',
    definition: {
      trigger: { type: 'contact.created' },
      conditions: { all: [...MAILABLE.all, { field: 'custom.plan', op: 'is', value: 'trial' }] },
      reentry: 'once',
      steps: [
        wait('eleven_days', 'P11D'),
        {
          id: 'still',
          type: 'branch',
          if: { field: 'custom.plan', op: 'is', value: 'trial' },
          then: 'soon',
          else: 'end',
        },
        email('soon', 'Three days left', 'Hi {{first_name|there}}, your trial ends in three days.'),
        wait('three_days', 'P3D'),
        {
          id: 'yet',
          type: 'branch',
          if: { field: 'custom.plan', op: 'is', value: 'trial' },
          then: 'today',
          else: 'end',
        },
        email('today', 'Your trial ends today', 'Hi {{first_name|there}}, your trial ends today.'),
      ],
    },
  },
  {
    ...{ key: 'lead_follow_up', name: 'Lead follow-up', category: 'nurturing' },
    description: 'Writes to a contact with a score of 50 or more, and scores who answers.',
    definition: {
      trigger: { type: 'contact.updated', fields: ['lead_score'] },
      conditions: { all: [...MAILABLE.all, { field: 'lead_score', op: 'gte', value: 50 }] },
      reentry: 'after:P90D',
      steps: [
        email('offer', 'Shall we talk?', 'Hi {{first_name|there}}, shall we talk about what you need?'),
        waitForReply('five_days', 'P5D', 'hot'),
        stage('cold', 'no_answer', 'end'),
        { id: 'hot', type: 'set_field', field: 'lead_score', value: 90 },
        stage('talking', 'talking'),
      ],
    },
  },
  {
    ...{ key: 'win_back', name: 'Win back', category: 'nurturing' },
    description: 'Writes to whoever was set inactive, after a month, and makes who answers active again.',
    definition: {
      trigger: { type: 'contact.updated', fields: ['status'] },
      conditions: { all: [...MAILABLE.all, { field: 'status', op: 'in', value: ['inactive'] }] },
      reentry: 'after:P180D',
      steps: [
        wait('a_month', 'P30D'),
        email('miss', 'It has been a while', 'Hi {{first_name|there}}, it has been a while. Anything we can do?'),
        waitForReply('two_weeks', 'P14D', 'active_again'),
        stage('lost', 'lost', 'end'),
        { id: 'active_again', type: 'set_field', field: 'status', value: 'active' },
      ],
    },
  },
  {
    ...{ key: 'after_closing', name: 'After a conversation', category: 'nurturing' },
    description: 'Asks a day after a conversation was closed whether everything is well.',
    definition: {
      ...{ trigger: { type: 'conversation.closed' }, reentry: 'after:P30D' },
      steps: [
        wait('a_day', 'P1D'),
        {
          ...{ id: 'still', type: 'branch', then: 'ask', else: 'end' },
          if: { field: 'conversation.status', op: 'is', value: 'closed' },
        },
        reply('ask', 'Hi {{first_name|there}}, is everything well now? If not, just reply.'),
        { id: 'close', type: 'close' },
      ],
    },
  },
  {
    ...{ key: 'first_answer', name: 'First answer', category: 'support' },
    description: 'Says at once that a new conversation has arrived.',
    definition: {
      ...{ trigger: { type: 'message.received' }, reentry: 'after:P1D' },
      steps: [reply('received', 'Hi {{first_name|there}}, we have got your message and answer as soon as we can.')],
    },
  },
  {
    ...{ key: 'refund_requests', name: 'Refund requests', category: 'support' },
    description: 'Answers who asks for a refund, and notes for the team what is to be done.',
    definition: {
      trigger: { type: 'message.received', match: { keywords: ['refund', 'money back', 'chargeback'] } },
      reentry: 'after:P1D',
      steps: [
        reply('answer', 'Hi {{first_name|there}}, we look after your refund. Which order is it about?'),
        note('what', 'Asks for a refund: {{trigger.text}}'),
        { id: 'open', type: 'set_status', status: 'open' },
      ],
    },
  },
  {
    ...{ key: 'order_number', name: 'Order number', category: 'support' },
    description: 'Keeps the number of the order that a message names.',
    definition: {
      trigger: { type: 'message.received', match: { regex: '(?i)order\\s*(?:number|no\\.?)?\\s*#?(\\d{4,12})' } },
      steps: [
        { id: 'keep', type: 'set_field', field: 'custom.last_order', value: '{{trigger.match.1}}' },
        note('told', 'It is about order {{trigger.match.1}}.'),
      ],
    },
  },
  {
    ...{ key: 'opening_hours', name: 'Opening hours', category: 'support' },
    description: 'Answers the question for your opening hours. Put them into the text first.',
    definition: {
      trigger: { type: 'message.received', match: { keywords: ['opening hours', 'open today', 'when do you open'] } },
      reentry: 'after:P1D',
      steps: [reply('hours', 'Hi {{first_name|there}}, we are here from Monday to Friday, 9 to 17.')],
    },
  },
  {
    ...{ key: 'close_silent', name: 'Close what nobody answers', category: 'support' },
    description: 'Reminds who began a conversation three days ago and wrote no more, and closes it after a week.',
    definition: {
      trigger: { type: 'conversation.created' },
      steps: [
        waitForReply('three_days', 'P3D'),
        {
          ...{ id: 'still', type: 'branch', then: 'remind', else: 'end' },
          if: { field: 'conversation.status', op: 'in', value: ['open', 'pending'] },
        },
        reply('remind', 'Hi {{first_name|there}}, is there anything else? Else we close this in a few days.'),
        waitForReply('four_days', 'P4D'),
        { id: 'close', type: 'close' },
      ],
    },
  },
  {
    ...{ key: 'reopened', name: 'Reopened conversations', category: 'support' },
    description: 'Notes that a contact is back, so that whoever takes it reads what was said.',
    definition: {
      trigger: { type: 'conversation.reopened' },
      steps: [note('back', '{{name}} is back: please read what was said before you answer.')],
    },
  },
  {
    ...{ key: 'without_email', name: 'Contacts without an address', category: 'data' },
    description: 'Marks who came without an e-mail address, so that a segment finds them.',
    definition: {
      trigger: { type: 'contact.created' },
      conditions: { field: 'email', op: 'is_not_set' },
      steps: [{ id: 'mark', type: 'set_field', field: 'custom.needs_email', value: true }],
    },
  },
  {
    ...{ key: 'unsubscribed', name: 'Unsubscribed contacts', category: 'data' },
    description: 'Keeps that somebody has unsubscribed, and takes the score down.',
    definition: {
      trigger: { type: 'contact.unsubscribed' },
      steps: [{ id: 'score', type: 'set_field', field: 'lead_score', value: 0 }, stage('stage', 'unsubscribed')],
    },
  },
  {
    ...{ key: 'enrich', name: 'Data from elsewhere', category: 'integration' },
    description: 'Takes plan and company of a contact from whatever posts to the address of the workflow.',
    definition: {
      ...{ trigger: { type: 'webhook' } },
      steps: [
        {
          ...{ id: 'has_plan', type: 'branch', then: 'plan', else: 'has_company' },
          if: { field: 'trigger.plan', op: 'is_set' },
        },
        { id: 'plan', type: 'set_field', field: 'custom.plan', value: '{{trigger.plan}}' },
        {
          ...{ id: 'has_company', type: 'branch', then: 'company', else: 'end' },
          if: { field: 'trigger.company', op: 'is_set' },
        },
        { id: 'company', type: 'set_field', field: 'company', value: '{{trigger.company}}' },
      ],
    },
  },
];
