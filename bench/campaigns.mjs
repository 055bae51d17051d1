import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { TokenMaker } from '../dist/src/engagement/tracking/tracking-token.js';
import { driveHttp } from './load.mjs';
import { drivePlain } from './plain.mjs';
import { post } from './post.mjs';

const LOOK_MILLIS = 20;
const CONNECTIONS = 5;
const SECRET = Buffer.alloc(32, 7);
/** A test workspace may send by a server of this machine. */
export const WITH_MAILS = { NODE_ENV: 'development', TRACKING_SECRET: SECRET.toString('hex'), LIMIT_TRACKING: 'off' };
const FROM = 'news@bench.example';
const HTML = `<p>Hi {{first_name|there}}, <a href="https://shop.example/">look</a></p><p>${'Words and more of them. '.repeat(40)}</p>`;

/** The same recipients in one statement. */
const PREPARE = `
  INSERT INTO campaign_recipients (client_id, campaign, number, id, customer_id, address, address_hash, status, next_attempt_at)
  SELECT $1, $2, number, gen_random_uuid(), customer_id, email, sha256(convert_to(email, 'UTF8')), 'pending', 'infinity'
  FROM contacts WHERE client_id = $1`;
const OPENED = { name: 'bench.open', text: "SELECT track_opens($1, ARRAY[$2]::uuid[], '{false}')" };

/** A campaign to so many contacts, of whom some are sent to: preparing, sending, and what the mails then fetch. */
export async function measureCampaign(world, client, { contacts, mails, seconds }) {
  const { server, session } = world;
  const { clientId } = client;
  await session.query('SET session_replication_role = origin');
  await session.query(
    `INSERT INTO customers (client_id, id, name, email)
     SELECT $1, gen_random_uuid(), 'Person ' || n, 'person' || n || '@example.com' FROM generate_series(1, $2::int) n`,
    [clientId, contacts],
  );
  await session.query('ANALYZE');
  const box = await Mailbox.open();
  try {
    const smtp = { host: '127.0.0.1', port: box.port };
    await post(server, '/api/v1/email-accounts', { email: FROM, from_name: 'Bench', smtp });
    const content = { subject: 'Hello {{first_name|there}}!', html_body: HTML };
    const { data } = await post(server, '/api/v1/campaigns', { name: 'Bench', audience_type: 'all', ...content });
    // Nobody is sent to before all are there, and then the account's rate is no bound.
    const pace = `UPDATE email_accounts SET rate_per_minute = 60000000, next_send_at = $2 WHERE client_id = $1`;
    await session.query(pace, [clientId, new Date(Date.now() + 3_600_000)]);
    const prepared = await millisOf(async () => {
      await post(server, `/api/v1/campaigns/${data.id}/send`, {});
      await until(session, 'SELECT FROM campaigns WHERE client_id = $1 AND prepared_at IS NOT NULL', [clientId]);
    });
    const other = await post(server, '/api/v1/campaigns', { name: 'Other' });
    const inserted = await millisOf(() => session.query(PREPARE, [clientId, other.data.id]));
    await session.query(pace, [clientId, null]);
    const sent = await box.millisOf(mails);
    await post(server, `/api/v1/campaigns/${data.id}/pause`, {});
    const bare = await sendBare(box, mails);
    const { rows } = await session.query(
      `UPDATE campaign_recipients SET sent_at = now() - interval '1 hour' WHERE client_id = $1 AND sent_at IS NOT NULL
       RETURNING id`,
      [clientId],
    );
    const maker = new TokenMaker(SECRET, clientId);
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
    const pixels = rows.map(({ id }) => ({ method: 'GET', path: `/t/o/${maker.make('open', id)}.gif`, headers }));
    const pixel = await driveHttp(server, pixels, { seconds });
    await session.query('UPDATE campaign_recipients SET opened_at = NULL WHERE client_id = $1', [clientId]);
    const values = (at) => [clientId, rows[at % rows.length].id];
    const plain = await drivePlain(world.database, { statement: OPENED, values }, { seconds });
    return { prepared, inserted, sent, bare, pixel, plain, doubled: box.doubled };
  } finally {
    await session.query('SET session_replication_role = replica');
    box.close();
  }
}

/** The same mails by nodemailer's pool alone. */
async function sendBare(box, mails) {
  const pool = createTransport({ host: '127.0.0.1', port: box.port, pool: true, maxConnections: CONNECTIONS });
  const sending = box.millisOf(mails);
  const all = Array.from({ length: mails }, (_, at) =>
    pool.sendMail({ from: FROM, to: `bare${at}@example.com`, subject: 'Hello there!', html: HTML, text: HTML }),
  );
  await Promise.all(all);
  pool.close();
  return sending;
}

/** A mail server that counts. */
class Mailbox {
  #seen = new Set();
  #server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true },
    onData: (mail, { envelope }, done) => {
      mail.resume().on('end', () => {
        const [{ address }] = envelope.rcptTo;
        this.doubled += this.#seen.has(address) ? 1 : 0;
        this.#seen.add(address);
        done();
      });
    },
  });
  doubled = 0;

  static async open() {
    const box = new Mailbox();
    box.#server.listen(0, '127.0.0.1');
    await once(box.#server.server, 'listening');
    return box;
  }

  get port() {
    return this.#server.server.address().port;
  }

  /** From the next mail until there are so many more. */
  async millisOf(mails) {
    const before = this.#seen.size;
    while (this.#seen.size === before) {
      await sleep(1);
    }
    return millisOf(async () => {
      while (this.#seen.size < before + mails) {
        await sleep(1);
      }
    });
  }

  close() {
    this.#server.close();
  }
}

async function until(session, text, values) {
  while ((await session.query(text, values)).rowCount === 0) {
    await sleep(LOOK_MILLIS);
  }
}

async function millisOf(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
