/** `npm run dev`: builds and starts the server; node itself watches, and begins anew on a change. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' });
if (status === 0) {
  await import('./dist/src/main.js');
} else {
  process.exitCode = 1;
}
