import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CampaignShop } from '../support/campaigns.js';
import { WORKFLOW_TEMPLATES } from '../../src/engagement/workflows/definition/templates.js';
import { accepted } from '../support/given.js';
import { givenInboxes, list } from '../support/inbox.js';
import { MailServer } from '../support/mail-server.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';
import { until } from '../support/until.js';
import { activeWorkflow, executionOf, givenRuns, passTime } from '../support/workflows.js';

const UNLIMITED = { UI_RATE_LIMIT: 'off', LIMIT_API: 'off', RATE_LIMIT: 'off' };
beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', ...UNLIMITED }));
const given = givenInboxes(() => server);
const mails = new MailServer();
let inbox: Awaited<ReturnType<typeof given.inbox>>;
beforeAll(async () => {
  inbox = await given.inbox();
  await new CampaignShop(inbox, mails).open();
});
afterAll(() => mails.stop());
const { trigger, pause } = givenRuns(() => inbox.owner);

/** What the conditions of templates ask of a contact, where it is not what most are. */
const CONTACTS: Readonly<Record<string, object>> = {
  trial_ending: { custom_fields: { plan: 'trial' } },
  lead_follow_up: { lead_score: 60 },
  win_back: { status: 'inactive' },
  without_email: { email: undefined },
};
const PAYLOADS: Readonly<Record<string, object>> = {
  refund_requests: { text: 'A refund, please' },
  order_number: { match: ['Order #4711', '4711'] },
  enrich: { plan: 'pro', company: 'Acme' },
};
/** Those whose steps depend on what was closed before. */
const CLOSED = new Set(['after_closing']);

it.each(WORKFLOW_TEMPLATES.map(({ key }, at) => [key, at] as const))(
  'The template %s runs to its end',
  async (key, at) => {
    const by = inbox.owner;
    await inbox.hear('Hello', at);
    const [talk] = await list(by);
    const contact = talk!.contact!.id;
    const fields = { first_name: 'Anna', email: `anna${at}@example.org`, ...CONTACTS[key] };
    accepted(await by.send('PUT', `/contacts/${contact}`, fields));
    if (CLOSED.has(key)) {
      accepted(await by.send('POST', `/conversations/${talk!.id}/close`));
    }
    const { definition } = WORKFLOW_TEMPLATES[at]!;
    const { id } = await activeWorkflow(by, definition);
    const run = await trigger(id, { contact_id: contact, payload: PAYLOADS[key] ?? {} });
    const { state, reason, steps } = await until(async () => {
      const one = await executionOf(by, id, run);
      await passTime(one.uuid);
      return ['pending', 'running', 'waiting'].includes(one.state) ? null : one;
    });
    expect([state, reason]).toEqual(['completed', null]);
    // Nobody wrote meanwhile: what comes only after an answer is left out, and nothing else.
    const answered = new Set(['answered', 'hot', 'talking', 'active_again']);
    const taken = steps.filter(({ status }) => status === 'completed').map((one) => one.id);
    expect(taken).toEqual(definition.steps.map((one) => one.id).filter((one) => !answered.has(one)));
    await pause(id);
  },
);

it('What templates mail is mailed', async () => {
  const wanted = WORKFLOW_TEMPLATES.flatMap(({ definition }) => definition.steps).filter(
    ({ type }) => type === 'send_email',
  );
  await until(() => Promise.resolve(mails.received.length >= wanted.length));
  expect(mails.received).toHaveLength(wanted.length);
});
