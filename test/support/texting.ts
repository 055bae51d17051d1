import { parseId } from '../../src/platform/common/ids/type-id.js';
import { parseSid } from '../../src/platform/common/ids/sid.js';
import { accepted } from './given.js';
import { sql } from './sql.js';
import { givenUsers, inWorkspace, type TestUser, type Workspace } from './users.js';

/** A number that sends everything. */
const OUR_NUMBER = '+15005550006';
export const PHONE = '+14155552671';

/** A workspace that texts, with its owner. */
export interface Team {
  readonly owner: TestUser;
  readonly workspace: Workspace;
  readonly uuid: string;
  /** @returns the sid */
  send(body: string, to?: string): Promise<string>;
  /** The phone says something. @returns the sid */
  hear(body: string, from?: string): Promise<string>;
  /** As its provider would tell, whoever else does. */
  report(sid: string, status: string): Promise<void>;
}

export function teamsOn(server: () => { readonly url: string }) {
  const users = givenUsers(server);
  const team = async (): Promise<Team> => {
    const { owner, workspace } = await users.team();
    const uuid = parseId('client', workspace.id)!;
    const post = async (path: string, body: object) =>
      accepted(await owner.send('POST', inWorkspace(workspace, path), body)).body as { readonly sid: string };
    await post('/phone-numbers', { number: OUR_NUMBER });
    return {
      owner,
      workspace,
      uuid,
      send: async (body, to = PHONE) => (await post('/messages', { to, body })).sid,
      hear: async (body, from = PHONE) => (await post('/simulator/inbound', { from, to: OUR_NUMBER, body })).sid,
      report: async (sid, status) => {
        await sql(
          `SELECT move_delivery($1, $2, $3, '{queued,sending,sent}', '{"reported": true}')`,
          ...[uuid, parseSid(sid), status],
        );
      },
    };
  };
  return { ...users, team };
}
