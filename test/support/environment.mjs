import { TestEnvironment } from 'jest-environment-node';

/**
 * Gives tests the application as it was built: Node loads it once for all files of a worker, where Jest would load all of it
 * anew, in seconds, for each.
 */
// Jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    // What Jest did not load is not counted.
    if (!config.globalConfig.collectCoverage) {
      this.global.loadBuilt = async () => ({
        ...(await import('../../dist/src/app.js')),
        ...(await import('../../dist/src/config.js')),
      });
    }
  }
}
