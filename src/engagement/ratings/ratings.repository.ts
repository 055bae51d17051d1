import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { RatingKey } from './rating-token.js';
import type { Rating } from './rating.entity.js';
import { FIND, FIND_NEWEST, RATE } from './ratings.sql.js';

export type RatingRow = Pick<Rating, 'score' | 'comment' | 'closedAt' | 'ratedAt'> & RatingKey;
type Row = RatingRow & Record<string, unknown>;

@Injectable()
export class RatingsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async findNewest(tenant: Tenant, conversation: ObjectRef): Promise<RatingRow | null> {
    return (await this.row<Row>(tenant, FIND_NEWEST, ...refValues(conversation))) ?? null;
  }

  async find(tenant: Tenant, { channelId, number }: RatingKey): Promise<RatingRow | null> {
    return (await this.row<Row>(tenant, FIND, channelId, number)) ?? null;
  }

  async rate(
    tenant: Tenant,
    { channelId, number }: RatingKey,
    score: number,
    comment: string | null,
  ): Promise<RatingRow | null> {
    return (await this.row<Row>(tenant, RATE, channelId, number, score, comment)) ?? null;
  }
}
