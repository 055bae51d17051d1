import { beforeAll, describe, expect, it } from '@jest/globals';
import { refused } from '../../support/contacts.js';
import { givenTeams, type TestCaller } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { useServer } from '../../support/server.js';

// Nothing here is sent: that is a worker's, and in test/chaos.
const server = useServer();
const given = givenTeams(() => server);

const PATH = '/campaigns';
let owner: TestCaller;
beforeAll(async () => {
  ({ owner } = await given.team());
});

const unfit = (message: string) => expect.objectContaining({ status: 422, body: { message } }) as unknown;
const abTest = (shares: readonly number[], first: object = {}) => ({
  variants: shares.map((share, n) => ({ share, ...(n === 0 ? first : {}) })),
  ...{ winner_by: 'clicks', winner_after_minutes: 60 },
});

describe('An A/B test', () => {
  it('tries variants, which are kept until it tries none', async () => {
    const body = { name: 'A', subject: 'Hi', html_body: '<p>Hi</p>', type: 'ab_test', audience_type: 'all' };
    const made = { ...body, ab_test: abTest([10, 20], { subject: 'Ho', html_body: '<p>{{first_name}}</p>' }) };
    const { data } = accepted(await owner.send('POST', PATH, made)).body;
    const [first, second] = [
      { letter: 'A', subject: 'Ho', html_body: '<p>{{first_name}}</p>', text_body: null, share: 10 },
      { letter: 'B', subject: null, html_body: null, text_body: null, share: 20 },
    ];
    const whole = { ...made, ab_test: { ...made.ab_test, variants: [first, second] } };
    expect(data).toMatchObject(whole);
    const path = `${PATH}/${data.id as number}`;
    expect(accepted(await owner.send('PUT', path, data)).body.data).toEqual(data);
    expect(accepted(await owner.send('PATCH', path, { name: 'B' })).body.data).toMatchObject({ ...whole, name: 'B' });
    const previews = ['A', 'B'].map((variant) => owner.send('POST', `${path}/preview`, { variant }));
    expect((await Promise.all(previews)).map(({ body: { data: shown } }) => shown)).toMatchObject([
      { subject: 'Ho' },
      { subject: 'Hi' },
    ]);
    expect(await owner.send('POST', `${path}/preview`, { variant: 'C' })).toEqual(refused('variant'));
    expect(await owner.send('POST', `${path}/winner`, { variant: 'A' })).toEqual(
      unfit('Campaign cannot be decided — current status: draft.'),
    );
    accepted(await owner.send('PATCH', path, { tracking: { clicks: false } }));
    expect(await owner.send('POST', `${path}/send`, {})).toEqual(
      unfit('Campaign cannot be sent — clicks choose the winner, and are not noticed.'),
    );
    const plain = accepted(await owner.send('PATCH', path, { type: 'broadcast' })).body.data;
    expect(plain).toMatchObject({ type: 'broadcast', ab_test: null });
  });

  it.each<[string, object]>([
    ['ab_test', { type: 'ab_test' }],
    ['ab_test', { type: 'ab_test', ab_test: null }],
    ['ab_test', { ab_test: abTest([50, 50]) }],
    ['ab_test.variants', { type: 'ab_test', ab_test: abTest([100]) }],
    ['ab_test.variants', { type: 'ab_test', ab_test: abTest([1, 1, 1, 1, 1, 1]) }],
    ['ab_test.variants', { type: 'ab_test', ab_test: abTest([50, 51]) }],
    ['ab_test.variants.1.share', { type: 'ab_test', ab_test: abTest([50, 0]) }],
    ['ab_test.variants.1.share', { type: 'ab_test', ab_test: abTest([50, 0.5]) }],
    ['ab_test.variants.0.html_body', { type: 'ab_test', ab_test: abTest([9, 9], { html_body: '{{nope}}' }) }],
    ['ab_test.variants.0.colour', { type: 'ab_test', ab_test: abTest([9, 9], { colour: 'red' }) }],
    ['ab_test.winner_by', { type: 'ab_test', ab_test: { ...abTest([9, 9]), winner_by: 'replies' } }],
    ['ab_test.winner_after_minutes', { type: 'ab_test', ab_test: { ...abTest([9, 9]), winner_after_minutes: 0 } }],
  ])('is refused for its %s: %#', async (field, fields) => {
    expect(await owner.send('POST', PATH, { name: 'April', ...fields })).toEqual(refused(field));
  });
});
