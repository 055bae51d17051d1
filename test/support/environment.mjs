import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';
import * as documents from './documents.mjs';

/**
 * Until it is disabled, each storage that was ever entered makes every promise of the process dearer (before Node 24), and
 * Jest enters a new one for each file.
 */
const entered = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...story) {
  entered.add(this);
  return run.apply(this, story);
};

/**
 * Gives tests the application as it was built, and the documents: Node loads them once for all files of a worker, where Jest
 * would load all of it anew, in seconds, for each.
 */
// Jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.truth = documents;
    // What Jest did not load is not counted.
    if (!config.globalConfig.collectCoverage) {
      this.global.loadBuilt = async () => ({
        ...(await import('../../dist/src/app.js')),
        ...(await import('../../dist/src/config.js')),
      });
    }
  }

  async teardown() {
    await super.teardown();
    entered.forEach((storage) => storage.disable());
    entered.clear();
  }
}
