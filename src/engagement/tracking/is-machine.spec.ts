import { expect, it } from '@jest/globals';
import { isMachine } from './is-machine.js';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

it.each([
  ['GET', CHROME, false],
  ['GET', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)', false],
  ['GET', 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)', false],
  ['HEAD', CHROME, true],
  ['GET', undefined, true],
  ['GET', '', true],
  ['GET', 'Mozilla/5.0', true],
  ['GET', 'curl/8.5.0', true],
  ['GET', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
  ['GET', 'Barracuda Sentinel (EE)', true],
])('%s by %j: %s', (method, userAgent, expected) => expect(isMachine(method, userAgent)).toBe(expected));
