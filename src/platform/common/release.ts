import { existsSync, readFileSync } from 'node:fs';

/** Of this release, as package.json has it, which stands above what was built and above its source. */
export const VERSION = versionAbove(import.meta.url);

function versionAbove(url: string): string {
  let folder = new URL('.', url);
  while (!existsSync(new URL('package.json', folder))) {
    folder = new URL('..', folder);
  }
  const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { readonly version: string };
  return version;
}
