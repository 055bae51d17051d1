import { Global, Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { IdempotencyLedger } from '../common/idempotency/idempotency-ledger.js';
import { DatabaseConnector } from './database-connector.js';
import { DatabaseClock } from './database-clock.js';
import { Database } from './database.js';
import { dataSourceOptions, type DataModel } from './options.js';
import { PURGES } from './purge.js';
import { Schema } from './schema.js';
import { IdempotencyPurge } from './idempotency-purge.js';
import { IdempotencyRepository } from './idempotency.repository.js';

export interface DatabaseSettings {
  readonly url: string;
  /** Past a PgBouncer, where there is one. */
  readonly directUrl: string;
  readonly poolSize: number;
  readonly migrate: boolean;
  readonly model: DataModel;
}

/** Past a PgBouncer, where there is one: LISTEN and the job queue need a connection of their own. */
export const DIRECT_DATABASE_URL = Symbol('DIRECT_DATABASE_URL');

@Global()
@Module({})
export class DatabaseModule {
  static connect({ url, directUrl, poolSize, migrate, model }: DatabaseSettings): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(url, poolSize, model), manualInitialization: true })],
      providers: [
        Database,
        DatabaseClock,
        {
          provide: DatabaseConnector,
          inject: [getDataSourceToken(), DatabaseClock],
          useFactory: (dataSource: DataSource, clock: DatabaseClock) =>
            new DatabaseConnector(dataSource, new Schema(directUrl, model), clock, migrate),
        },
        IdempotencyPurge,
        { provide: PURGES, useValue: model.purges },
        { provide: DIRECT_DATABASE_URL, useValue: directUrl },
        { provide: IdempotencyLedger, useClass: IdempotencyRepository },
      ],
      exports: [DatabaseConnector, Database, IdempotencyLedger, IdempotencyPurge, DIRECT_DATABASE_URL, PURGES],
    };
  }
}
