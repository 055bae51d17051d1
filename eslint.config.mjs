import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: one thing has one name everywhere.',
};
const noClock = {
  selector: ':matches(NewExpression, CallExpression)[callee.name="Date"][arguments.length=0]',
  message: 'Ask src/platform/common/clock.ts for the time.',
};
const noWhere = {
  selector: 'CallExpression[callee.property.name=/^(where|orWhere)$/]',
  message: 'Use andWhere: this would drop or widen the tenant clause.',
};
const noDateNow = { object: 'Date', property: 'now', message: 'Ask src/platform/common/clock.ts for the time.' };
const noEnvironment = { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' };

const globals = Object.fromEntries(
  [
    'AbortController',
    'AbortSignal',
    'Buffer',
    'CSSStyleSheet',
    'TextEncoder',
    'URL',
    'WebSocket',
    'btoa',
    'clearTimeout',
    'console',
    'crypto',
    'document',
    'fetch',
    'history',
    'localStorage',
    'location',
    'navigator',
    'performance',
    'process',
    'sessionStorage',
    'setTimeout',
    'window',
  ].map((name) => [name, 'readonly']),
);

export default defineConfig(
  // The scenarios of generated clients compile beside those only: test/contracts/generated-clients.test.ts
  {
    ignores: [
      'dist/',
      'coverage/',
      '.data/',
      'client/schema.d.ts',
      'client/schema-workspaces.d.ts',
      'client/schema-engagement.d.ts',
      'test/contracts/generated-clients/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      curly: 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 300],
      'no-restricted-syntax': ['error', noDefaultExport],
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noDefaultExport, noClock],
      'no-restricted-properties': ['error', noDateNow, noEnvironment],
    },
  },
  {
    files: ['src/**/*.repository.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noClock, noWhere] },
  },
  {
    files: ['src/platform/common/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport], 'no-restricted-properties': ['error', noEnvironment] },
  },
  {
    files: ['src/config.ts'],
    rules: { 'no-restricted-properties': ['error', noDateNow] },
  },
  {
    // Made, not written.
    files: ['migrations/**'],
    rules: { 'max-lines': 'off' },
  },
  {
    // Whoever starts them reads what they print.
    files: ['src/main.ts', 'src/cli/**/*.ts', 'bench/**', 'test/browser/**', 'test/tools/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // TypeORM's command line, ESLint and Jest look for a default export.
    files: ['ormconfig.ts', '*.config.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Bodies are read as they came, whatever their shape: what they should be is checked against the OpenAPI document.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.{mjs,cjs,js}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals },
  },
  { files: ['**/*.cjs'], languageOptions: { globals: { module: 'writable', require: 'readonly' } } },
);
