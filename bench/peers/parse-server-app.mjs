/** A parse-server as its documentation starts one; without logs, and with as many connections to PostgreSQL as ours has. */
import { once } from 'node:events';
import express from 'express';
import { ParseServer } from 'parse-server';

const { DATABASE_URL, APP_ID, MASTER_KEY } = process.env;

const app = express();
const http = app.listen(0, '127.0.0.1');
await once(http, 'listening');
const base = `http://localhost:${http.address().port}`;
const parse = new ParseServer({
  databaseURI: `${DATABASE_URL}?poolSize=16`,
  appId: APP_ID,
  masterKey: MASTER_KEY,
  serverURL: `${base}/parse`,
  silent: true,
  logsFolder: null,
});
await parse.start();
app.use('/parse', parse.app);
console.log(`ready: ${base}`);
process.once('SIGTERM', () => process.exit());
