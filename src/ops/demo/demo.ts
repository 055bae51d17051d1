import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { ChannelsService } from '../../channels/channels.service.js';
import { ClientsService } from '../../clients/clients.service.js';
import type { Config } from '../../config.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CustomerSessionsService } from '../../customers/sessions/customer-sessions.service.js';
import { CustomersService } from '../../customers/customers.service.js';
import { isDevelopment, readDemoKeys } from './demo-keys.js';
import { isLocal } from './is-local.js';
import { setPhones } from './phones.js';

const PAGE = fileURLToPath(new URL('./page/', import.meta.url));
/** What the page's address has to be: the demo client's domain. */
const HOST = 'localhost';
/** For Swagger UI. */
export const PREFILL_SCRIPT = '/demo/prefill.js';
const PEOPLE = [
  { name: 'Ada', email: 'ada@demo.example' },
  { name: 'Grace', email: 'grace@demo.example' },
] as const;
/** Seconds. */
const SESSION_SECONDS = 3_600;

/** `GET /demo`: two customers of a demo client, side by side in one page. For development only: whoever opens it may be both. */
export function serveDemo(app: NestExpressApplication, config: Config): void {
  const http = app.getHttpAdapter().getInstance();
  http.use('/demo', (request: Request, _: Response, next: NextFunction) =>
    next(showsDemo(config, request) ? undefined : routeNotFound()),
  );
  const file = (name: string) => (_: Request, response: Response) =>
    response.sendFile(name, { root: PAGE, cacheControl: false });
  const page = (name: string) => (request: Request, response: Response) => {
    if (request.hostname === HOST) {
      file(name)(request, response);
    } else {
      response.redirect(`http://${HOST}:${request.socket.localPort}${request.path}`);
    }
  };
  http.get('/demo', page('index.html'));
  http.get('/demo/chat.css', file('chat.css'));
  http.get('/demo/chat.js', file('chat.js'));
  http.get('/demo/pusher.js', (_: Request, response: Response) =>
    response.sendFile(createRequire(import.meta.url).resolve('pusher-js/dist/web/pusher.min.js')),
  );
  http.post('/demo/scene', (_: Request, response: Response, next: NextFunction) => {
    setScene(app).then((scene) => response.json(scene), next);
  });
  http.get('/demo/phones', page('phones.html'));
  http.get('/demo/phones.js', file('phones.js'));
  const isOurs = (request: Request) => isDevelopment(config) && isLocal(request) && request.hostname === HOST;
  // A session of a user may do more than those two customers, so it is for whoever has the server itself.
  http.post('/demo/phones/scene', async (request: Request, response: Response) => {
    if (!isOurs(request)) {
      throw routeNotFound();
    }
    response.json(await setPhones(app, request));
  });
  http.get(PREFILL_SCRIPT, file('prefill.js'));
  // A POST that answers JSON: no page of another site can have the browser read it, as it could a script.
  http.post('/demo/keys', async (request: Request, response: Response) => {
    const keys = isOurs(request) ? await readDemoKeys(config.dataDir) : null;
    if (!keys) {
      throw routeNotFound();
    }
    response.json(keys);
  });
}

export function showsDemo({ demo }: Config, request: Request): boolean {
  return demo === 'on' || (demo === 'local' && isLocal(request));
}

/** As if it were not there. */
function routeNotFound(): Refusal {
  return new Refusal('not_found', 'Route not found');
}

/** The client, the channel, and the two with a fresh session each. */
async function setScene(app: NestExpressApplication): Promise<object> {
  const { publicKey, ...client } = await demoClient(app.get(ClientsService, { strict: false }));
  const tenant: Tenant = { clientId: client.id, livemode: client.livemode };
  const customers = app.get(CustomersService, { strict: false });
  const sessions = app.get(CustomerSessionsService, { strict: false });
  const people = await Promise.all(
    PEOPLE.map(async (person) => {
      const { row } = await customers.create(tenant, person);
      const { token } = await sessions.create(tenant, row.id, SESSION_SECONDS);
      return { uuid: row.id, id: formatId('customer', row.id), name: row.name, token };
    }),
  );
  const { row: channel } = await app.get(ChannelsService, { strict: false }).create(tenant, {
    type: 'general',
    customerIds: people.map(({ uuid }) => uuid),
  });
  return {
    public_key: publicKey,
    channel_id: formatId('channel', channel.id),
    people: people.map(({ id, name, token }) => ({ id, name, token })),
  };
}

/** The one that the first start made, or one made now: with a database of your own there is none. */
async function demoClient(clients: ClientsService) {
  const { items } = await clients.list({ limit: 100 });
  const found = items.find(({ domain, livemode, disabledAt }) => domain === HOST && !livemode && disabledAt === null);
  return found ?? (await clients.create({ name: 'Demo', domain: HOST, originPolicy: 'if_present' })).client;
}
