import { migrations } from '../migrations/all.js';
import { entities } from './entities.js';
import type { DataModel } from './platform/database/options.js';

/** What the database holds, and how it came to. */
export const dataModel: DataModel = { entities, migrations };
