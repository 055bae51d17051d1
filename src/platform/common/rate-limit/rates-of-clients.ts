import { perMinute, type Wanted } from './buckets.js';
import type { RateName } from './named-limits.js';

/** Requests a minute; what is absent is as the installation has it. */
export type ClientRates = Readonly<Partial<Record<RateName, number>>>;

/** The port through which it is learned what the operator gave a client. */
export abstract class RatesOfClients {
  abstract of(clientId: string): Promise<ClientRates>;

  /**
   * What somebody's requests are taken of, null: of nothing. A client with a rate of its own has buckets of its own: who is
   * in another, too, has as many left there as before.
   * @param who asks in this client, or null: in none
   * @param setting of the installation
   */
  async bucketOf(
    clientId: string | null,
    name: RateName,
    who: string,
    setting: number | false,
  ): Promise<Wanted | null> {
    const own = clientId === null ? undefined : (await this.of(clientId))[name];
    if (own !== undefined) {
      return { key: `${name}:${clientId}:${who}`, size: perMinute(own) };
    }
    return setting === false ? null : { key: `${name}:${who}`, size: perMinute(setting) };
  }
}

/** Where no client has any. */
export class NoRatesOfClients extends RatesOfClients {
  of(): Promise<ClientRates> {
    return Promise.resolve({});
  }
}
