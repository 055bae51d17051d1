import { describe, expect, it } from '@jest/globals';
import { JsonLogger } from './json-logger.js';

/** What is written by a logger of this level, line by line. */
function written(level: 'error' | 'info', say: (logger: JsonLogger) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  say(new JsonLogger(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
const stamped = { pid: process.pid, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown };

describe('JsonLogger', () => {
  it('writes a line of JSON for each, with who says it', () => {
    expect(written('info', (logger) => logger.log('a "word"\nand a line', 'Feed'))).toEqual([
      { ...stamped, level: 'info', context: 'Feed', message: 'a "word"\nand a line' },
    ]);
  });

  it('has the stack of an error, however it is handed in', () => {
    const error = new Error('broken');
    const { stack } = error;
    const lines = written('error', (logger) => {
      logger.error('broken', stack, 'Request');
      logger.error(error, 'Request');
      logger.error('broken', undefined, 'Request');
    });
    const line = { ...stamped, level: 'error', context: 'Request', message: 'broken' };
    expect(lines).toEqual([{ ...line, stack }, { ...line, stack }, line]);
  });

  it('has what was noted with names as fields', () => {
    const noted = { facts: { method: 'GET', status: 200, client_id: undefined } };
    expect(written('info', (logger) => logger.log(noted, 'Access'))).toEqual([
      { ...stamped, level: 'info', context: 'Access', method: 'GET', status: 200 },
    ]);
  });

  it('says nothing below its level', () => {
    const lines = written('error', (logger) => {
      logger.debug('no', 'Feed');
      logger.log('no', 'Feed');
      logger.warn('no', 'Feed');
      logger.fatal('yes', 'Feed');
    });
    expect(lines).toEqual([{ ...stamped, level: 'fatal', context: 'Feed', message: 'yes' }]);
  });
});
