import autocannon from 'autocannon';
import { get } from './get.mjs';
import { CONNECTIONS, STRIDE, WARM_UP, percentile } from './measure.mjs';

/**
 * Drives the requests for `seconds` over HTTP. Its own clock, because autocannon's histogram knows whole milliseconds only.
 * @throws Error where one answer is not a 2xx
 */
export async function driveHttp(server, requests, seconds) {
  const headers = { ...server.headers, 'content-type': 'application/json' };
  const from = performance.now() + WARM_UP * 1000;
  const end = from + seconds * 1000;
  const latencies = [];
  const result = await new Promise((resolve, reject) => {
    let connection = 0;
    const options = {
      url: server.base,
      connections: CONNECTIONS,
      duration: WARM_UP + seconds,
      headers,
      setupClient: (client) => client.setRequests(rotated(requests, STRIDE * connection++)),
    };
    autocannon(options, (error, ended) => (error ? reject(error) : resolve(ended))).on(
      'response',
      (_client, _status, _bytes, millis) => {
        const now = performance.now();
        if (now >= from && now < end) {
          latencies.push(millis);
        }
      },
    );
  });
  const { non2xx, errors, timeouts, statusCodeStats } = result;
  if (non2xx + errors + timeouts > 0) {
    throw new Error(`${non2xx} wrong answers, ${errors} errors: ${JSON.stringify(statusCodeStats)}`);
  }
  return { perSecond: latencies.length / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** A fast answer with nothing in it would be worth nothing. */
export async function checkHttp(server, { name, requests }) {
  const [{ path, method = 'GET' }] = requests;
  if (method === 'GET' && (await get(server, path)).items.length === 0) {
    throw new Error(`${name}: ${path} is empty.`);
  }
}

/** The same requests from another one on, so that the connections do not walk in step. */
function rotated(requests, by) {
  const at = by % requests.length;
  return [...requests.slice(at), ...requests.slice(0, at)];
}
