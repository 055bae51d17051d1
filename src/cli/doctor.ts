import 'reflect-metadata';
import { loadConfig } from '../config.js';
import { dataModel } from '../data-model.js';
import { runChecks, type Finding } from '../ops/doctor/check.js';
import { databaseChecks } from '../ops/doctor/database-checks.js';
import { serviceChecks } from '../ops/doctor/service-checks.js';
import { settingChecks } from '../ops/doctor/setting-checks.js';
import { readOptions, runCommand, withDatabase } from './command.js';

const USAGE = 'npm run -s doctor [-- --json]';

/** Looks at all that the settings name, as a server with them would meet it. Fails where something does not work. */
async function run(): Promise<void> {
  const { json } = readOptions({ json: { type: 'boolean', default: false } });
  const config = loadConfig();
  const findings = await withDatabase((urls) =>
    runChecks([
      ...databaseChecks(urls, dataModel, config.databasePool),
      ...serviceChecks(config),
      ...settingChecks(config),
    ]),
  );
  process.stdout.write(json ? `${JSON.stringify(findings)}\n` : inWords(findings));
  process.exitCode = findings.some(({ state }) => state === 'failure') ? 1 : 0;
}

function inWords(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings.map(({ name, state, says }) => `${state.padEnd(7)}  ${name.padEnd(width)}  ${says}\n`).join('');
}

await runCommand(USAGE, run);
