import { describe, expect, it } from '@jest/globals';
import { Underway } from './underway.js';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Underway', () => {
  it('is seen however deep, by what it is around alone', async () => {
    const names = new Underway<string>();
    const seen = async (): Promise<string | undefined> => {
      await soon();
      return names.current;
    };
    const both = [names.during('one', seen), names.during('two', () => names.during('inner', seen)), seen()];
    expect(await Promise.all(both)).toEqual(['one', 'inner', undefined]);
    expect(names.current).toBeUndefined();
  });

  it('is there again after all have ended, and after one failed', async () => {
    const names = new Underway<string>();
    await expect(names.during('one', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await names.during('two', () => soon().then(() => names.current))).toBe('two');
  });

  it('outlasts those that end before it', async () => {
    const names = new Underway<string>();
    const long = names.during('long', async () => {
      await names.during('short', soon);
      await soon();
      return names.current;
    });
    await names.during('other', soon);
    expect(await long).toBe('long');
  });
});
