import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider, type Adapter, type AdapterPayload } from 'oidc-provider';

export const CLIENT = { id: 'parlance', secret: 'only the provider knows it besides' };

/** What a provider says of an account, in its own words. */
export type Person = Readonly<Record<string, unknown>>;

abstract class LocalProvider {
  /** By the provider's id. The browser says by `login_hint` who it is; nobody has to press anything. */
  readonly people = new Map<string, Person>();
  protected url = '';
  private readonly server: Server = createServer((request, response) => {
    this.answer(request, response).catch(() => response.destroy());
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.url;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Its id. */
  person(claims: Person): string {
    const id = randomUUID();
    this.people.set(id, claims);
    return id;
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** What the library would warn of, were it to bring it itself. */
class Kept implements Adapter {
  private readonly kept = new Map<string, AdapterPayload>();

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.kept.set(id, payload);
    return Promise.resolve();
  }
  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.kept.get(id));
  }
  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve([...this.kept.values()].find((payload) => payload.uid === uid));
  }
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  consume(id: string): Promise<void> {
    return this.upsert(id, { ...this.kept.get(id), consumed: true });
  }
  destroy(id: string): Promise<void> {
    this.kept.delete(id);
    return Promise.resolve();
  }
  revokeByGrantId(): Promise<void> {
    return Promise.resolve();
  }
}

/** An OpenID provider, which lets in whom `login_hint` names; `nobody` says no. */
export class OpenIdServer extends LocalProvider {
  private provider!: Provider;

  constructor(private readonly redirectUris: readonly string[]) {
    super();
  }

  override async start(): Promise<string> {
    const issuer = await super.start();
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [...this.redirectUris],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified', 'xms_edov'], profile: ['name'] },
      conformIdTokenClaims: false,
      adapter: Kept,
      cookies: { keys: [randomBytes(16).toString('hex')] },
      jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      ttl: { Interaction: 60, Session: 60, Grant: 60, AccessToken: 60, IdToken: 60 },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.people.get(id) }) }),
      loadExistingGrant: async ({ oidc }) => {
        const grant = new this.provider.Grant({ clientId: CLIENT.id, accountId: oidc.session!.accountId! });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    return issuer;
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!request.url!.startsWith('/interaction/')) {
      await this.provider.callback()(request, response);
      return;
    }
    const { params } = await this.provider.interactionDetails(request, response);
    const accountId = params.login_hint as string;
    const result = accountId === 'nobody' ? { error: 'access_denied' } : { login: { accountId } };
    await this.provider.interactionFinished(request, response, result);
  }
}

/** What GitHub does of OAuth 2.0, and the two routes that say who somebody is. */
export class GithubServer extends LocalProvider {
  private readonly codes = new Map<string, { readonly id: string; readonly query: URLSearchParams }>();
  private readonly tokens = new Map<string, string>();

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (pathname === '/login/oauth/authorize') {
      const code = randomBytes(10).toString('hex');
      this.codes.set(code, { id: searchParams.get('login_hint')!, query: searchParams });
      const back = new URL(searchParams.get('redirect_uri')!);
      back.search = new URLSearchParams({
        code,
        state: searchParams.get('state')!,
        iss: `${this.url}/login/oauth`,
      }).toString();
      response.writeHead(302, { location: back.href }).end();
    } else if (pathname === '/login/oauth/access_token') {
      json(200, this.exchange(new URLSearchParams(await text(request))));
    } else {
      const id = this.tokens.get(request.headers.authorization?.replace(/^bearer /i, '') ?? '');
      const { emails = [], ...user } = this.people.get(id ?? '') ?? {};
      const found: Readonly<Record<string, unknown>> = {
        '/user': { id, login: 'octocat', ...user },
        '/user/emails': emails,
      };
      json(id === undefined ? 401 : 200, found[pathname]);
    }
  }

  /** It answers 200 to what it refuses, too. */
  private exchange(body: URLSearchParams): object {
    const asked = this.codes.get(body.get('code') ?? '');
    this.codes.delete(body.get('code') ?? '');
    const proof = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (
      body.get('client_secret') !== CLIENT.secret ||
      body.get('redirect_uri') !== asked?.query.get('redirect_uri') ||
      proof !== asked?.query.get('code_challenge')
    ) {
      return { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' };
    }
    const token = randomBytes(20).toString('hex');
    this.tokens.set(token, asked.id);
    return { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' };
  }
}

/** Goes to `url` and on as a browser does, with its cookies, until it is sent somewhere below `stopAt`: that address. */
export async function browse(url: string, stopAt: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let at = url, steps = 0; steps < 10; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      cookies.set(name!, value!);
    }
    const next = response.headers.get('location');
    if (next === null) {
      throw new Error(`${at} was answered ${response.status}: ${await response.text()}`);
    }
    at = new URL(next, at).href;
    if (at.startsWith(stopAt)) {
      return at;
    }
  }
  throw new Error('It is sent around in circles.');
}
