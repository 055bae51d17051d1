/** As in `.env`, of every server of the tests: global-setup.mjs has them. */
export const SETTINGS = JSON.parse(process.env.TEST_SETTINGS!) as Readonly<Record<string, string>>;

/** The operator's key. */
export const ADMIN_KEY = SETTINGS.ADMIN_KEY!;

/** The database of all files that have none of their own. */
export const SHARED_DATABASE_URL = process.env.TEST_DATABASE_URL!;

/** @throws where a worker would take what other test files made, and do it with settings that they do not know */
export function refuseSharedWork({ ROLE = 'all', DATABASE_URL }: Record<string, string>): void {
  if (ROLE !== 'web' && DATABASE_URL !== undefined && isShared(new URL(DATABASE_URL))) {
    throw new Error(`A server of ROLE ${ROLE} needs a database of its own: ownDatabase().`);
  }
}

function isShared({ host, pathname }: URL): boolean {
  const shared = new URL(SHARED_DATABASE_URL);
  return host === shared.host && pathname === shared.pathname;
}
