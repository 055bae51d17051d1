import { migrations } from '../migrations/all.js';
import { entities } from './entities.js';
import { purges } from './purges.js';
import type { DataModel } from './platform/database/options.js';

/** What the database holds, how it came to, and what of it has had its time. */
export const dataModel: DataModel = { entities, migrations, purges };
