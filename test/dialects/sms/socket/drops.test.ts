import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseId } from '../../../../src/platform/common/ids/type-id.js';
import { parseSid } from '../../../../src/platform/common/ids/sid.js';
import { accepted } from '../../../support/given.js';
import { useServer } from '../../../support/server.js';
import { beside, sql } from '../../../support/sql.js';
import { teamsOn, type Team } from '../../../support/texting.js';
import { UiSocket, type UiFrame } from '../../../support/ui-socket.js';
import { until } from '../../../support/until.js';
import { inWorkspace } from '../../../support/users.js';

const server = useServer();
const given = teamsOn(() => server);

/** What happens: something is sent, or heard, or moves on in a transaction that is open for so many milliseconds. */
const action = fc.oneof(
  fc.record({ kind: fc.constantFrom('send', 'hear' as const) }),
  fc.record({ kind: fc.constant('move' as const), open: fc.integer({ min: 0, max: 400 }) }),
);
/** After so many frames the connection breaks, and the page is away for so many milliseconds. */
const drop = fc.record({ after: fc.integer({ min: 0, max: 6 }), away: fc.integer({ min: 0, max: 300 }) });

/** A page that comes back, again and again, to where it was. */
class Page {
  readonly heard: UiFrame[] = [];
  private ended = false;

  constructor(
    private readonly team: Team,
    private lastEventId: string,
  ) {}

  async run(drops: ReadonlyArray<{ readonly after: number; readonly away: number }>): Promise<void> {
    for (let at = 0; !this.ended; at += 1) {
      const { after, away } = drops[at] ?? { after: Infinity, away: 0 };
      await this.stay(after);
      await sleep(away);
    }
  }

  end(): void {
    this.ended = true;
  }

  private async stay(frames: number): Promise<void> {
    const { owner, workspace } = this.team;
    const socket = await UiSocket.of(server.url, owner, workspace, this.lastEventId);
    expect(socket.of('resync')).toEqual([]);
    for (let read = 0; read < frames && !this.ended; read += 1) {
      await until(() => socket.events.length > read || this.ended);
      const frame = socket.events[read];
      if (frame) {
        this.heard.push(frame);
        this.lastEventId = frame.id!;
      }
    }
    socket.end();
  }
}

/** Moves a message on; its event has its number long before others can see it. */
async function moveOn({ uuid }: Team, sid: string, status: string, open: number): Promise<void> {
  await beside(async (connection) => {
    await connection.query('BEGIN');
    await connection.query(`SELECT move_delivery($1, $2, $3, '{queued,sending,sent}', '{}')`, [
      ...[uuid, parseSid(sid), status],
    ]);
    await sleep(open);
    await connection.query('COMMIT');
  });
}

it('A page that is cut off at any time hears exactly what was written, each message from its creation on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 15, maxLength: 30 }),
      fc.array(drop, { minLength: 3, maxLength: 12 }),
      async (actions, drops) => {
        const team = await given.team();
        const first = await UiSocket.of(server.url, team.owner, team.workspace);
        const sids = [await team.send('first')];
        const [{ id }] = (await first.next('message.created')) as [UiFrame];
        first.end();
        const page = new Page(team, id!);
        const running = page.run(drops);
        const moving: Promise<void>[] = [];
        for (const one of actions) {
          if (one.kind === 'move') {
            const status = ['sending', 'sent', 'delivered'][moving.length % 3]!;
            moving.push(moveOn(team, sids[moving.length % sids.length]!, status, one.open));
          } else {
            sids.push(await team[one.kind](`${sids.length}`, `+1415555${1_000 + (sids.length % 5)}`));
          }
        }
        await Promise.all(moving);
        const written = await sql<{ id: string }>(
          `SELECT id FROM events
           WHERE client_id = $1 AND type IN ('message.created', 'message.deleted', 'delivery.updated')`,
          team.uuid,
        );
        const log = written.map((event) => event.id).sort();
        const messages = (): UiFrame[] => page.heard.filter(({ type }) => type.startsWith('message.'));
        const heard = (): string[] => [...new Set(messages().map((frame) => parseId('event', frame.id!)!))].sort();
        await until(() => heard().length >= log.length);
        // Of each conversation the last that is told is what it is now.
        const rows = await sql<{ id: string }>(
          'SELECT channel_id AS id FROM conversations WHERE client_id = $1',
          team.uuid,
        );
        for (const row of rows) {
          const path = inWorkspace(team.workspace, `/conversations/${row.id}`);
          const now = accepted(await team.owner.send('GET', path)).body as { readonly id: string };
          await until(() => {
            const told = page.heard.filter(({ type, data }) => type === 'conversation.updated' && data.id === now.id);
            return isDeepStrictEqual(told.at(-1)?.data, now);
          });
        }
        page.end();
        await running;
        expect(heard()).toEqual(log);
        const begun = new Set<string>();
        for (const { type, data } of messages()) {
          expect(type === 'message.created' || begun.has(data.sid as string)).toBe(true);
          begun.add(data.sid as string);
        }
      },
    ),
    { numRuns: 3, endOnFailure: true },
  );
});
