#!/usr/bin/env node
import { VERSION } from '../platform/common/release.js';

interface Command {
  readonly does: string;
  run(): Promise<unknown>;
}

/** Each is a program of its own, which reads its options itself. */
const COMMANDS: Readonly<Record<string, Command>> = {
  start: { does: 'start the server', run: () => import('../main.js') },
  'migration:run': { does: 'bring the database to this release', run: () => import('./migration-run.js') },
  'client:create': { does: 'create a client and its first secret key', run: () => import('./client-create.js') },
  'user:create': { does: 'create a user who owns a new workspace', run: () => import('./user-create.js') },
  doctor: { does: 'look at all that the settings name', run: () => import('./doctor.js') },
  'layer:identity-token': {
    does: 'sign an identity token, for development',
    run: () => import('./layer-identity-token.js'),
  },
};

const WIDTH = Math.max(...Object.keys(COMMANDS).map(({ length }) => length));
const HELP = [
  'Usage: parlance COMMAND [OPTION …]',
  '',
  ...Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(WIDTH)}  ${does}`),
  '',
  'parlance --version says which release this is. Settings come from the environment: .env.example lists them.',
  '',
].join('\n');

const [asked] = process.argv.splice(2, 1);
const command = Object.entries(COMMANDS).find(([name]) => name === asked)?.[1];
if (command) {
  await command.run();
} else if (asked === '--help' || asked === 'help') {
  process.stdout.write(HELP);
} else if (asked === '--version') {
  process.stdout.write(`${VERSION}\n`);
} else {
  process.stderr.write(`${asked === undefined ? 'No command was given' : 'There is no such command'}.\n${HELP}`);
  process.exitCode = 2;
}
