import { rmSync } from 'node:fs';

// Jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default async function globalTeardown() {
  const { dataDir, postgres, server } = globalThis.testWorld;
  await server?.close();
  await postgres.close();
  rmSync(dataDir, { recursive: true, force: true });
}
