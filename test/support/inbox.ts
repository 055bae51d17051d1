import type { components } from '../../client/schema-engagement.d.js';
import { givenTeams, type TestCaller } from './engagement.js';
import { accepted, type Reply } from './given.js';
import type { ServerAddress } from './server.js';
import { inWorkspace } from './users.js';

export type Conversation = components['schemas']['InboxConversation'];
export type Item = components['schemas']['ConversationItem'];

const OUR_NUMBER = '+15005550006';
const phone = (at: number): string => `+1415555${2000 + at}`;

export const told = ({ status, body }: Reply): unknown[] => [status, body];

export function givenInboxes(server: () => Pick<ServerAddress, 'url'>) {
  const teams = givenTeams(server);

  /** A team with a number, and phones that write to it. */
  const inbox = async () => {
    const { workspace, uuid, owner, ...others } = await teams.team();
    const ui = async (path: string, body: object): Promise<void> => {
      accepted(await owner.user!.send('POST', inWorkspace(workspace, path), body));
    };
    await ui('/phone-numbers', { number: OUR_NUMBER });
    return {
      ...{ workspace, uuid, owner },
      member: (role: Parameters<typeof others.member>[0]) => others.member(role),
      token: (...of: Parameters<typeof others.token>) => others.token(...of),
      key: (...of: Parameters<typeof others.key>) => others.key(...of),
      hear: (body: string, at = 1): Promise<void> =>
        ui('/simulator/inbound', { from: phone(at), to: OUR_NUMBER, body }),
    };
  };

  return { ...teams, inbox };
}

export const list = async (of: TestCaller, query = ''): Promise<readonly Conversation[]> =>
  accepted(await of.send('GET', `/conversations${query}`)).body.data as Conversation[];

export const show = async (of: Pick<TestCaller, 'send'>, id: number, query = '?mark_read=0') => {
  const { body } = accepted(await of.send('GET', `/conversations/${id}${query}`));
  return body as unknown as { data: Conversation; messages: Item[]; has_more: boolean };
};

export const post = async (of: TestCaller, path: string, body: object = {}): Promise<Record<string, unknown>> =>
  accepted(await of.send('POST', `/conversations/${path}`, body)).body.data as Record<string, unknown>;

export const activities = async (of: TestCaller, id: number): Promise<string[]> =>
  (await show(of, id)).messages.filter(({ type }) => type === 'activity').map(({ body }) => body);
