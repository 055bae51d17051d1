import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  HeldMailbox,
  ImapMailboxesRepository,
  Position,
} from '../../../src/delivery/email/imap/imap-mailboxes.repository.js';
import type { Replicas } from '../../../src/platform/cluster/replicas.js';
import { given as givenOn } from '../../support/given.js';
import { MailServer } from '../../support/mail-server.js';
import { LOGIN, MailShop } from '../../support/mail-shop.js';
import { tenantOf } from '../../support/phones.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer(startServer);
const given = givenOn(() => server);
const PLACE = { host: 'imap.example.com', port: 993, secure: true, username: 'support' };
const NOWHERE: Position = { uidValidity: null, lastUid: null, since: null };
const at = (lastUid: number): Position => ({ uidValidity: '7', lastUid, since: new Date('2026-01-02T03:04:05Z') });

describe('How far a mailbox was read', () => {
  let shop: MailShop;
  let places: ImapMailboxesRepository;
  let us: string;
  const tenant = () => tenantOf(shop.client);
  const move = (was: Position, is: Position, by = us) => places.move(tenant(), shop.accountId, by, was, is);
  const position = () => places.findPosition(tenant(), shop.accountId, us);

  beforeAll(async () => {
    places = server.get<ImapMailboxesRepository>('ImapMailboxesRepository');
    us = server.get<Replicas>('Replicas').id;
    shop = new MailShop(server, await given.client(), new MailServer(LOGIN));
    await shop.open();
  });
  afterAll(() => shop.mails.stop());
  beforeEach(async () => {
    await places.remove(tenant(), shop.accountId);
    await places.set(tenant(), shop.accountId, PLACE);
    await sql('UPDATE imap_mailboxes SET held_by = $2 WHERE client_id = $1', shop.client.uuid, us);
    expect(await move(NOWHERE, at(5))).toBe(true);
  });

  it('is written down by who holds it, from where it was', async () => {
    expect(await move(NOWHERE, at(6))).toBe(false);
    expect(await move(at(4), at(6))).toBe(false);
    expect(await move({ ...at(5), uidValidity: '8' }, at(6))).toBe(false);
    expect(await move(at(5), at(6), randomUUID())).toBe(false);
    expect(await position()).toEqual(at(5));
    expect(await places.findPosition(tenant(), shop.accountId, randomUUID())).toBeNull();
    expect(await places.findPosition(tenantOf(await given.client()), shop.accountId, us)).toBeNull();
    expect(await move(at(5), at(6))).toBe(true);
  });

  it('goes back by no time, and ahead of none', async () => {
    expect(await move(at(5), { ...at(6), since: new Date('2020-01-01') })).toBe(true);
    expect(await position()).toEqual(at(6));
    expect(await move(at(6), { ...at(7), since: new Date('2999-01-01') })).toBe(true);
    expect((await position())!.since!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('is unknown of another mailbox, which who read the former does not change', async () => {
    await places.set(tenant(), shop.accountId, { ...PLACE, username: 'other' });
    expect(await position()).toEqual(NOWHERE);
    expect(await move(at(5), at(6))).toBe(false);
    expect(await position()).toEqual(NOWHERE);
  });

  it('goes by the times of its mails where the same one is at another place', async () => {
    await places.set(tenant(), shop.accountId, { ...PLACE, host: 'mail.example.com' });
    expect(await position()).toEqual({ ...at(5), uidValidity: '0' });
    await places.set(tenant(), shop.accountId, { ...PLACE, host: 'mail.example.com', port: 143 });
    expect(await position()).toEqual({ ...at(5), uidValidity: '0' });
  });

  it('is no error of what it is set to since', async () => {
    const status = async () =>
      (await sql('SELECT status FROM imap_mailboxes WHERE client_id = $1', shop.client.uuid))[0];
    const [former] = await sql<{ setAt: string }>(
      `SELECT set_at::text AS "setAt" FROM imap_mailboxes WHERE client_id = $1`,
      shop.client.uuid,
    );
    await places.set(tenant(), shop.accountId, PLACE);
    const note = (setAt: string) =>
      places.noteError(tenant(), { id: shop.accountId, setAt } as HeldMailbox, us, 'It refused.');
    await note(former!.setAt);
    expect(await status()).toEqual({ status: 'pending' });
    const [now] = await sql<{ setAt: string }>(
      `SELECT set_at::text AS "setAt" FROM imap_mailboxes WHERE client_id = $1`,
      shop.client.uuid,
    );
    await note(now!.setAt);
    expect(await status()).toEqual({ status: 'error' });
  });
});
