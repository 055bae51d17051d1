import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** One GET on the one connection that is kept for them; `millis` ends with the last byte. @throws Error where it is not a 200 */
export async function get({ base, headers }, path) {
  const { status, text, millis } = await new Promise((resolve, reject) => {
    const started = performance.now();
    http
      .get(`${base}${path}`, { agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode, text, millis: performance.now() - started }));
        response.on('error', reject);
      })
      .on('error', reject);
  });
  if (status !== 200) {
    throw new Error(`GET ${path}: ${status} ${text}`);
  }
  return { millis, ...listIn(text) };
}

/** Read only where somebody looks: the times are of the server, not of this. */
function listIn(text) {
  return {
    get items() {
      const { data } = JSON.parse(text);
      return data?.conversations ?? data;
    },
    get total() {
      return JSON.parse(text).total_count;
    },
  };
}
