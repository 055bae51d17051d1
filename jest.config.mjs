/** @type {import('jest').Config} */
export default {
  testEnvironment: './test/support/environment.mjs',
  // `npm run test:chaos` kills and fills what it can: it takes its time, one after another.
  testMatch: process.env.CHAOS
    ? ['<rootDir>/test/chaos/**/*.test.ts']
    : ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.test.ts', '!**/test/chaos/**'],
  extensionsToTreatAsEsm: ['.ts'],
  // Imports are written as Node resolves them after the build; here the sources are .ts.
  moduleNameMapper: { '^(\\.{1,2}/(?!.*\\.json\\.js$).*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/', '<rootDir>/bench/peers/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        // As .swcrc, which leaves the specs out of the build and so can't serve here.
        swcrc: false,
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // Two processors have time for three: a third of a worker's time it waits for clocks and for the database.
  maxWorkers: 3,
  // Modules of ESM stay in a worker's memory after their test; past four gigabytes it does little but collect garbage.
  workerIdleMemoryLimit: '1GB',
  // For what hangs, and not for what is slow: the machine may have much else to do.
  testTimeout: 180_000,
  // `npm test -- --coverage` says which lines ran; it takes twice the time.
  coverageProvider: 'v8',
  coverageReporters: ['text-summary'],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/**/*.d.ts'],
};
