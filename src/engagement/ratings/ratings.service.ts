import { Inject, Injectable } from '@nestjs/common';
import { ClientsService } from '../../clients/clients.service.js';
import { Config } from '../../config.js';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { isGenuine, makeRatingToken, readRatingToken, type RatingKey } from './rating-token.js';
import { RatingsRepository, type RatingRow } from './ratings.repository.js';

export type { RatingRow };

/** Where the page is that a link leads to. */
export const RATING_PATH = '/rate';

/** What a contact says of how it went, by a link that needs no other proof of who it is. */
@Injectable()
export class RatingsService {
  constructor(
    private readonly ratings: RatingsRepository,
    private readonly clients: ClientsService,
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
  ) {}

  /** That of the conversation's newest closing, with the link for the contact. @throws Refusal 404 where nobody was asked */
  async getNewest(tenant: Tenant, conversation: ObjectRef): Promise<RatingRow & { readonly url: string }> {
    const rating = await this.ratings.findNewest(tenant, conversation);
    const client = await this.clients.findEnabled(tenant.clientId);
    if (!rating || !client) {
      throw notFound('rating');
    }
    const token = makeRatingToken(client.realtimeSecret, tenant.clientId, rating);
    const base = this.settings.publicUrl ?? `http://localhost:${this.settings.port}`;
    return { ...rating, url: `${base}${RATING_PATH}/${token}` };
  }

  /** What was said by this link so far. @throws Refusal 404 */
  async get(token: string): Promise<RatingRow> {
    const { tenant, key } = await this.mustBeGenuine(token);
    return this.known(await this.ratings.find(tenant, key));
  }

  /** Again replaces it. @throws Refusal 404 */
  async rate(token: string, score: number, comment: string | null): Promise<RatingRow> {
    const { tenant, key } = await this.mustBeGenuine(token);
    return this.known(await this.ratings.rate(tenant, key, score, comment));
  }

  private async mustBeGenuine(token: string): Promise<{ readonly tenant: Tenant; readonly key: RatingKey }> {
    const read = readRatingToken(token);
    const client = read && (await this.clients.findEnabled(read.clientId));
    if (!read || !client || !isGenuine(client.realtimeSecret, read.clientId, token)) {
      throw notFound('rating');
    }
    return { tenant: { clientId: read.clientId, livemode: client.livemode }, key: read.key };
  }

  private known(rating: RatingRow | null): RatingRow {
    if (!rating) {
      throw notFound('rating');
    }
    return rating;
  }
}
