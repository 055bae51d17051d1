import { IdempotencyKey } from './idempotency-key.entity.js';

export const databaseEntities = [IdempotencyKey];
