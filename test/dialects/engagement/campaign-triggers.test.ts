import { expect, it } from '@jest/globals';
import type { Triggerings } from '../../../src/engagement/workflows/triggers/triggerings.js';
import { givenTeams } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { campaignOf, givenMails, hit, LINKS } from '../../support/tracked-mails.js';
import { activeWorkflow, definitionOf, executionsOf } from '../../support/workflows.js';

// Its own: what happened becomes executions here, without a worker.
const server = useServer(startServer);
const given = givenTeams(() => server);
const { mailTo } = givenMails(() => server);

it('What a reader does triggers the workflows about it: the first time, and as a person', async () => {
  const readers = await given.team();
  await campaignOf(readers);
  const by = readers.owner;
  const note = { id: 'a', type: 'set_field', field: 'city', value: 'Rome' };
  const about = async (trigger: object): Promise<number> =>
    (await activeWorkflow(by, definitionOf([note], trigger))).id;
  const opened = await about({ type: 'campaign.opened' });
  const clicked = await about({ type: 'campaign.clicked' });
  const second = await about({ type: 'campaign.clicked', link: LINKS[1] });
  const executions = async () => {
    await server
      .get<Triggerings>('Triggerings')
      .triggerSome({ clientId: readers.uuid, livemode: readers.workspace.livemode });
    const all = await Promise.all([opened, clicked, second].map((id) => executionsOf(by, id)));
    return all.map((of) => of.map(({ state, contact_id, trigger }) => [state, contact_id, trigger]));
  };
  const program = { headers: { 'user-agent': 'curl/8.5.0' } };
  const mail = await mailTo(readers);
  const { id } = mail.contact;
  await hit(mail.urls.open, program);
  await hit(mail.urls.click(2), program);
  expect(await executions()).toEqual([[], [], []]);
  await hit(mail.urls.open);
  await hit(mail.urls.open);
  const told = (link: number, first: boolean) => ({
    ...{ type: 'campaign.clicked', campaign_id: 1, first, link: LINKS[link - 1] },
  });
  await hit(mail.urls.click(1));
  const read = ['pending', id, { type: 'campaign.opened', campaign_id: 1 }];
  expect(await executions()).toEqual([[read], [['pending', id, told(1, true)]], []]);
  await hit(mail.urls.click(1));
  await hit(mail.urls.click(2));
  const both = [[read], [['pending', id, told(1, true)]], [['pending', id, told(2, false)]]];
  expect(await executions()).toEqual(both);
  const erased = await mailTo(readers);
  accepted(await by.send('DELETE', `/contacts/${erased.contact.id}`));
  await hit(erased.urls.open);
  await hit(erased.urls.click(2));
  expect(await executions()).toEqual(both);
});
