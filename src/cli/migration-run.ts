import 'reflect-metadata';
import { dataModel } from '../data-model.js';
import { Schema } from '../platform/database/schema.js';
import { readOptions, runCommand, withDatabase } from './command.js';

const USAGE = 'npm run -s migration:run';

/** For deployments whose servers start with MIGRATE=off. */
async function run(): Promise<void> {
  readOptions({});
  await withDatabase(async ({ directUrl }) => {
    const schema = new Schema(directUrl, dataModel);
    const took = await schema.migrate();
    if ((await schema.state()) === 'newer_release') {
      throw new Error('The database was migrated by a newer release: nothing was done.');
    }
    process.stdout.write(
      took.length === 0 ? 'The schema is current: nothing to do.\n' : `Migrated: ${took.join(', ')}.\n`,
    );
  });
}

await runCommand(USAGE, run);
