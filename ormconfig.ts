import { DataSource } from 'typeorm';
import { loadConfig } from './src/config.js';
import { dataModel } from './src/data-model.js';
import { dataSourceOptions } from './src/platform/database/options.js';

/** For TypeORM's command line: `npm run migration:generate`, `npm run migration:check`. */
export default new DataSource(
  dataSourceOptions(loadConfig().databaseUrl ?? 'postgres://127.0.0.1/parlance', 2, dataModel),
);
