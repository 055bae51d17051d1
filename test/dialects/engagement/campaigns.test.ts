import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import { CampaignShop, type ShownCampaign } from '../../support/campaigns.js';
import { idsIn, makeContact, makeTag, refused } from '../../support/contacts.js';
import { givenTeams, type TestCaller } from '../../support/engagement.js';
import { accepted, must } from '../../support/given.js';
import { MailServer } from '../../support/mail-server.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

// Nothing here is sent, but for tests: that is a worker's, and in test/chaos.
const server = useServer();
const given = givenTeams(() => server);
const mails = new MailServer();
afterAll(() => mails.stop());

const PATH = '/campaigns';
const SOON = new Date(Date.now() + 3_600_000).toISOString();
let shop: CampaignShop;
let owner: TestCaller;
beforeAll(async () => {
  shop = new CampaignShop(await given.team(), mails);
  ({ owner } = shop);
  await shop.open();
});

const unfit = (message: string) => expect.objectContaining({ status: 422, body: { message } }) as unknown;
const moved = (id: number, what: string, body: object = {}) => owner.send('POST', `${PATH}/${id}/${what}`, body);

describe('A campaign', () => {
  it('is made, shown, listed, changed and deleted by the generated client', async () => {
    const { api } = owner;
    const body = { name: 'April Promo', subject: 'Hello!', html_body: '<p>Hi</p>', preview_text: 'Only now' };
    const { data } = must(await api.POST('/api/v1/campaigns', { body }));
    const none = {
      ...{ recipients_count: 0, skipped_count: 0, sent_count: 0, failed_count: 0, bounced_count: 0, unknown_count: 0 },
      ...{ opened_count: 0, clicked_count: 0, machine_opens: 0, machine_clicks: 0, unsubscribed_count: 0 },
      ...{ replied_count: 0, open_rate: 0, click_rate: 0 },
    };
    const summary = {
      ...{ id: data.id, uuid: data.uuid, name: 'April Promo', type: 'broadcast', subject: 'Hello!' },
      ...{ preview_text: 'Only now', audience_type: null, audience_id: null, email_account_id: null },
      ...{ tracking: { opens: true, clicks: true }, status: 'draft', status_reason: null, scheduled_at: null },
      ...{ started_at: null, sent_at: null, created_at: data.created_at, ...none, winner: null, winner_due_at: null },
    };
    const whole = {
      ...{ ...summary, html_body: '<p>Hi</p>', body_html: '<p>Hi</p>', text_body: null, body_json: null },
      ...{ ab_test: null, tag_ids: null, filter: null, contact_ids: null },
    };
    expect(data).toEqual(whole);
    const params = { path: { id: String(data.id) } };
    expect(must(await api.GET('/api/v1/campaigns/{id}', { params })).data).toEqual(whole);
    expect(must(await api.GET('/api/v1/campaigns', { params: { query: { search: 'promo' } } })).data).toEqual([
      summary,
    ]);
    // As it was read, it may be written.
    const { data: again } = accepted(await owner.send('PUT', `${PATH}/${data.uuid}`, whole)).body;
    expect(again).toEqual(whole);
    const patched = must(await api.PATCH('/api/v1/campaigns/{id}', { params, body: { body_html: '<b>New</b>' } }));
    expect(patched.data).toEqual({ ...whole, html_body: '<b>New</b>', body_html: '<b>New</b>' });
    accepted(await owner.send('DELETE', `${PATH}/${data.id}`));
    expect(await owner.send('GET', `${PATH}/${data.id}`)).toMatchObject({
      ...{ status: 404, body: { message: 'Campaign not found.' } },
    });
  });

  it('is found by state and words, in each order', async () => {
    const by = (await given.team()).owner;
    const make = async (name: string, fields = {}): Promise<number> =>
      accepted(await by.send('POST', PATH, { name, ...fields })).body.data.id as number;
    const [a, b, c] = [await make('b', { subject: 'Grüße' }), await make('C'), await make('a', { scheduled_at: SOON })];
    const list = async (query: string): Promise<number[]> => idsIn(accepted(await by.send('GET', `${PATH}?${query}`)));
    expect(await list('')).toEqual([c, b, a]);
    expect(await list('sort_by=name&sort_dir=asc')).toEqual([c, a, b]);
    expect(await list('sort_by=scheduled_at')).toEqual([c, b, a]);
    for (const sort of ['status', 'recipients_count', 'sent_at', 'created_at']) {
      expect(await list(`sort_by=${sort}&sort_dir=asc`)).toEqual([a, b, c]);
    }
    expect(await list(`search=${encodeURIComponent('GRUSSE')}`)).toEqual([]);
    expect(await list(`search=${encodeURIComponent('grüße')}`)).toEqual([a]);
    expect([await list('search=%25'), await list('status=sent'), await list('per_page=1&page=2')]).toEqual([
      [],
      [],
      [b],
    ]);
    expect(await list(`after=${b}`)).toEqual([a]);
    expect(await by.send('GET', `${PATH}?type=drip`)).toEqual(refused('type'));
    expect(await by.send('GET', `${PATH}?sort_by=subject`)).toEqual(refused('sort_by'));
  });

  it.each<[string, object]>([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(256) }],
    ['subject', { subject: 'x'.repeat(501) }],
    ['subject', { subject: 'Hi\r\nBcc: x@y.example' }],
    ['subject', { subject: '{{nope}}' }],
    ['preview_text', { preview_text: 'x'.repeat(256) }],
    ['html_body', { html_body: 'x'.repeat(512 * 1024 + 1) }],
    ['html_body', { html_body: '<p>\n{{#first_name}}' }],
    ['html_body', { html_body: '<a href="javascript:alert(1)">x</a>' }],
    ['html_body', { html_body: '<a href="https://{{custom.host}}/">x</a>' }],
    ['html_body', { html_body: '<a href="https://a.example/">x</a>'.repeat(501) }],
    ['text_body', { text_body: '{{constructor}}' }],
    ['body_json', { body_json: [] }],
    ['type', { type: 'drip' }],
    ['audience_type', { audience_type: 'everybody' }],
    ['audience_id', { audience_type: 'segment' }],
    ['audience_id', { audience_type: 'segment', audience_id: 999_999 }],
    ['segment_id', { segment_id: 999_999 }],
    ['tag_ids', { audience_type: 'tags', tag_ids: [] }],
    ['tag_ids.0', { tag_ids: [999_999] }],
    ['contact_ids.0', { contact_ids: [999_999] }],
    ['contact_ids', { contact_ids: Array.from({ length: 10_001 }, (_, at) => at + 1) }],
    ['filter.field', { filter: {} }],
    ['body_html', { html_body: 'a', body_html: 'b' }],
    ['email_account_id', { email_account_id: 999_999 }],
    ['scheduled_at', { scheduled_at: '2020-01-01T00:00:00Z' }],
    ['scheduled_at', { scheduled_at: `${new Date().getUTCFullYear() + 1}-02-30T00:00:00Z` }],
    ['scheduled_at', { scheduled_at: SOON.replace('Z', '') }],
    ['scheduled_at', { scheduled_at: '9999-01-01T00:00:00Z' }],
    ['tracking.opens', { tracking: { opens: 'yes' } }],
    ['sent_by', { sent_by: 1 }],
  ])('is refused for its %s: %#', async (field, fields) => {
    expect(await owner.send('POST', PATH, { name: 'April', ...fields })).toEqual(refused(field));
  });

  it('says where a template is wrong, and what does a drip', async () => {
    const body = { name: 'A', subject: 'Hi\u00a0{{nope}}', html_body: '<p>\n {{{first_name}}}', type: 'drip' };
    const reply = await owner.send('POST', PATH, body);
    expect(reply.body).toEqual({
      errors: { type: ['The type field can not be drip: a workflow with waits does that.'] },
    });
    const { errors } = (await owner.send('POST', PATH, { ...body, type: 'broadcast' })).body as unknown as {
      errors: Record<string, string[]>;
    };
    expect(errors).toEqual({
      subject: ['The subject field has the unknown placeholder “nope” at line 1, column 4.'],
      html_body: ['The html_body field has a placeholder of a kind that is not allowed at line 2, column 2.'],
    });
  });
});

describe('An audience', () => {
  it('is counted before anything is sent, of each kind', async () => {
    const other = new CampaignShop(await given.team(), mails);
    const by = other.owner;
    const [vip, rare] = [await makeTag(by, 'VIP'), await makeTag(by, 'Rare')];
    const anna = await makeContact(by, { email: 'anna@bücher.example', lead_score: 80, tag_ids: [vip.id] });
    const bert = await makeContact(by, { lead_score: 80, tag_ids: [vip.id, rare.id], status: 'unsubscribed' });
    const held = await makeContact(by, { lead_score: 10 });
    accepted(await by.send('POST', '/suppressions', { email: held.email, reason: 'manual' }));
    await sql(`INSERT INTO customers (client_id, id, name) VALUES ($1, gen_random_uuid(), 'Phone')`, other.team.uuid);
    // However it is spelled, it is one address, and so one mail.
    for (const email of ['ANNA@Bücher.example', 'anna@xn--bcher-kva.example']) {
      expect(await by.send('POST', '/contacts', { first_name: 'A', email })).toEqual(refused('email'));
    }
    const filter = { field: 'lead_score', op: 'gte', value: 50 };
    const segment = async (body: object): Promise<number> =>
      accepted(await by.send('POST', '/segments', { name: JSON.stringify(body).slice(0, 90), ...body })).body.data
        .id as number;
    const [few, high] = [await segment({ type: 'static' }), await segment({ type: 'dynamic', filter })];
    accepted(await by.send('POST', `/segments/${few}/contacts`, { contact_ids: [anna.id, held.id] }));
    const audience = async (fields: object) => {
      const { id } = await other.draft({ audience_type: undefined, ...fields });
      const { data } = accepted(await by.send('GET', `${PATH}/${id}/audience`)).body;
      return [data.matching, data.without_email, data.unsubscribed, data.suppressed, data.will_receive];
    };
    expect(await audience({ audience_type: 'all' })).toEqual([4, 1, 1, 1, 1]);
    expect(await audience({ audience_type: 'segment', audience_id: high })).toEqual([2, 0, 1, 0, 1]);
    expect(await audience({ segment_id: high })).toEqual([2, 0, 1, 0, 1]);
    expect(await audience({ audience_type: 'list', audience_id: few })).toEqual([2, 0, 0, 1, 1]);
    expect(await audience({ audience_type: 'tags', tag_ids: [vip.id, rare.id] })).toEqual([2, 0, 1, 0, 1]);
    expect(await audience({ audience_type: 'filter', filter })).toEqual([2, 0, 1, 0, 1]);
    expect(await audience({ audience_type: 'contacts', contact_ids: [anna.uuid, bert.id] })).toEqual([2, 0, 1, 0, 1]);
    const list = { audience_type: 'list', audience_id: high };
    expect(await by.send('POST', PATH, { name: 'A', ...list })).toEqual(refused('audience_id'));
    const { id } = accepted(await by.send('POST', PATH, { name: 'Nobody yet' })).body.data as ShownCampaign;
    expect(await by.send('GET', `${PATH}/${id}/audience`)).toEqual(unfit('This campaign has no audience yet.'));
    // What a campaign is for stays until it is sent.
    const deleted = await by.send('DELETE', `/segments/${few}`);
    expect(deleted).toEqual(unfit('A campaign that is not sent yet is for this segment.'));
  });
});

describe('Sending', () => {
  it('needs a subject, a body, an audience and an account', async () => {
    const by = (await given.team()).owner;
    const { id } = accepted(await by.send('POST', PATH, { name: 'A' })).body.data as ShownCampaign;
    const send = () => by.send('POST', `${PATH}/${id}/send`, {});
    const steps: [string, object][] = [
      ['subject', { subject: 'Hi' }],
      ['body', { html_body: '<p>Hi</p>' }],
      ['audience', { audience_type: 'all' }],
    ];
    for (const [missing, fields] of steps) {
      expect(await send()).toEqual(unfit(`Campaign cannot be sent — no ${missing}.`));
      accepted(await by.send('PATCH', `${PATH}/${id}`, fields));
    }
    expect(await send()).toEqual(unfit('Campaign cannot be sent — no account.'));
  });

  it('begins once, whoever asks at once, and then nothing of it is changed', async () => {
    const { id } = await shop.draft({ html_body: '<a href="https://a.example/">x</a>', tracking: {} });
    const asked = await Promise.all(Array.from({ length: 10 }, () => moved(id, 'send')));
    expect(asked.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 422)]);
    const said = asked.map(({ body }) => (body as { message: string }).message);
    expect(new Set(said)).toEqual(
      new Set(['Campaign sending has started.', 'Campaign cannot be sent — current status: sending.']),
    );
    const links = await sql(
      'SELECT url FROM campaign_links WHERE client_id = $1 AND campaign = $2',
      shop.team.uuid,
      id,
    );
    expect(links).toEqual([{ url: 'https://a.example/' }]);
    const edit = unfit('Only draft or scheduled campaigns can be edited.');
    expect(await owner.send('PUT', `${PATH}/${id}`, { subject: 'Other' })).toEqual(edit);
    expect(await owner.send('PATCH', `${PATH}/${id}`, { subject: 'Other' })).toEqual(edit);
    const deleted = await owner.send('DELETE', `${PATH}/${id}`);
    expect(deleted).toEqual(unfit('Cannot delete a campaign that is currently sending.'));
    const many = await Promise.all(['pause', 'resume', 'pause', 'resume', 'pause'].map((what) => moved(id, what)));
    expect(many.filter(({ status }) => status !== 200 && status !== 422)).toEqual([]);
    expect(['sending', 'paused']).toContain((await shop.get(id)).status);
    await moved(id, 'pause');
    expect(await shop.post(id, 'resume')).toMatchObject({ status: 'sending', started_at: expect.any(String) });
    expect(await shop.post(id, 'cancel')).toMatchObject({ status: 'cancelled' });
    expect(await moved(id, 'resume')).toEqual(unfit('Campaign cannot be resumed — current status: cancelled.'));
    accepted(await owner.send('DELETE', `${PATH}/${id}`));
  });

  it('waits for its time, and is called off before it', async () => {
    const { id } = await shop.draft();
    expect((await moved(id, 'send', { scheduled_at: SOON })).body).toMatchObject({
      ...{ data: { status: 'scheduled', scheduled_at: SOON }, message: 'Campaign scheduled.' },
    });
    accepted(await owner.send('PATCH', `${PATH}/${id}`, { subject: 'Better' }));
    expect(await moved(id, 'pause')).toEqual(unfit('Campaign cannot be paused — current status: scheduled.'));
    expect(await shop.post(id, 'cancel')).toMatchObject({ status: 'draft', subject: 'Better' });
    expect(await moved(id, 'cancel')).toEqual(unfit('Campaign cannot be cancelled — current status: draft.'));
    expect(await moved(id, 'retry-unknown')).toEqual(unfit('Campaign cannot be sent again — current status: draft.'));
    for (const scheduled_at of ['2020-01-01T00:00:00Z', '9999-01-01T00:00:00Z', 'soon']) {
      expect(await moved(id, 'send', { scheduled_at })).toEqual(refused('scheduled_at'));
    }
  });

  it('is tried out first: shown for a contact, and mailed as a test', async () => {
    const name = '{{email}} <script>"';
    const anna = await makeContact(owner, { first_name: name });
    const { id } = await shop.draft({ html_body: '<p>Hi {{first_name}} <a href="https://a.example/">x</a></p>' });
    const { data } = accepted(await moved(id, 'preview', { contact_id: anna.id })).body;
    expect(data.subject).toBe(`Hello ${name}!`);
    expect(data.html).toContain('Hi {{email}} &lt;script&gt;&quot; <a href="https://a.example/">');
    expect(data.text).toContain(`Hi ${name}`);
    expect(accepted(await moved(id, 'preview')).body.data.subject).toBe('Hello there!');
    expect(await moved(id, 'preview', { contact_id: 999_999 })).toEqual(refused('contact_id'));
    const six = Array.from({ length: 6 }, (_, at) => `a${at}@example.com`);
    for (const emails of [six, [], ['a@b\r\nBcc: c@d.example'], ['a@b,c@d']]) {
      const { status, body } = await moved(id, 'test', { emails });
      expect([status, Object.keys((body as unknown as { errors: object }).errors)[0]]).toEqual([
        422,
        expect.stringMatching(/^emails/),
      ]);
    }
    const five = Array.from({ length: 5 }, () => 'mia@example.com');
    expect((await moved(id, 'test', { emails: five })).status).toBe(202);
    const [test, ...others] = mails.to('mia@example.com');
    expect(others).toEqual([]);
    const mail = await PostalMime.parse(test!.raw);
    expect([mail.subject, mail.html]).toEqual(['[Test] Hello there!', expect.stringContaining('Hi')]);
    expect(await shop.get(id)).toMatchObject({ status: 'draft', recipients_count: 0, sent_count: 0 });
  });
});
