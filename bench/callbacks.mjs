import { formatId } from '../dist/src/platform/common/ids/type-id.js';
import { formatSid } from '../dist/src/platform/common/ids/sid.js';
import { sign } from '../dist/src/notify/webhooks/signature.js';
import { Gateway } from './gateway.mjs';
import { driveHttp } from './load.mjs';
import { queueTexts, takeTexts } from './phones.mjs';

const CONNECTIONS = 16;
/** Seconds: the first are a cold server's. */
const WARM_UP = 4;

/** Signed callbacks of a provider, each of which says that a message of its own was delivered. */
export async function measureCallbacks(world, client, seconds) {
  const gateway = await new Gateway().open();
  try {
    const provider = await gateway.serve(world, client);
    const ids = await queueTexts(world.session, client.clientId);
    await takeTexts(world.session, client.clientId, provider);
    await world.seed.settle();
    const path = `/api/providers/${client.id}/${formatId('messaging_provider', provider)}/status`;
    const requests = ids.map((id) => {
      const sid = formatSid(id, 'sms');
      const body = JSON.stringify({ sid, id: sid, status: 'delivered' });
      return { method: 'POST', path, body, headers: sign(`msg_${id}`, new Date(), body, [gateway.secret]) };
    });
    const result = await driveHttp(world.server, requests, {
      ...{ connections: CONNECTIONS, seconds },
      warmUp: WARM_UP,
      inTurn: true,
    });
    const { rows } = await world.session.query(
      `SELECT count(*)::int AS moved FROM deliveries WHERE client_id = $1 AND status = 'delivered'`,
      [client.clientId],
    );
    return { ...result, moved: rows[0].moved, all: ids.length };
  } finally {
    gateway.close();
  }
}
