/** As in `.env`, of every server of the tests: global-setup.mjs has them. */
export const SETTINGS = JSON.parse(process.env.TEST_SETTINGS!) as Readonly<Record<string, string>>;

/** The operator's key. */
export const ADMIN_KEY = SETTINGS.ADMIN_KEY!;
