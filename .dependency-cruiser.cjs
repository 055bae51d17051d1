const rule = (name, from, to) => ({ name, severity: 'error', from, to });

const ours = '^(src|migrations|test|bench|client)/|^ormconfig';

/** messages → files → channels → customers → clients → platform: each may ask what stands to its right. */
const core = ['messages', 'files', 'channels', 'customers', 'clients'];
/** Of the platform each may ask what stands to its right, too. */
const platform = ['mail', 'secrets', 'outbox', 'cluster', 'database', 'common'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    rule('no-missing', {}, { couldNotResolve: true }),
    rule(
      'no-dev-dependencies',
      { path: '^src/', pathNot: '\\.spec\\.ts$' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
    ),
    rule('source-knows-no-tests', { path: '^src/' }, { path: '^(test|bench|client)/' }),

    rule('config-imports-nothing', { path: '^src/config\\.ts$' }, { path: ours, pathNot: '^src/settings\\.ts$' }),
    rule('entities-lists-entities', { path: 'entities\\.ts$' }, { path: ours, pathNot: '\\.(entity|entities)\\.ts$' }),
    rule(
      'platform-knows-no-product',
      { path: '^src/platform/' },
      { path: ours, pathNot: '^src/(platform/|config\\.ts)' },
    ),
    rule(
      'common-knows-only-the-settings',
      { path: '^src/platform/common/' },
      { path: ours, pathNot: '^src/(platform/common/|config\\.ts)' },
    ),
    ...platform.map((name, position) =>
      rule(
        `${name}-looks-rightwards`,
        { path: `^src/platform/${name}/` },
        { path: `^src/platform/(${['-', ...platform.slice(0, position)].join('|')})/` },
      ),
    ),
    ...core.map((name, position) =>
      rule(
        `${name}-look-rightwards`,
        { path: `^src/${name}/` },
        {
          path: `^src/(${[...core.slice(0, position), 'notify', 'users', 'workspaces', 'delivery', 'engagement', 'dialects', 'ops', 'cli', 'app', 'main'].join('|')})(/|\\.)`,
        },
      ),
    ),
    rule(
      'notify-knows-no-dialect',
      { path: '^src/notify/' },
      { path: '^src/(users|workspaces|delivery|engagement|dialects|ops|cli|app|main)(/|\\.)' },
    ),
    rule(
      'users-know-no-workspaces',
      { path: '^src/users/' },
      { path: '^src/(workspaces|delivery|engagement|dialects|ops|cli|app|main)(/|\\.)' },
    ),
    rule(
      'workspaces-know-no-dialect',
      { path: '^src/workspaces/' },
      { path: '^src/(delivery|engagement|dialects|ops|cli|app|main)(/|\\.)' },
    ),
    rule(
      'delivery-knows-no-engagement',
      { path: '^src/delivery/' },
      { path: '^src/(engagement|dialects|ops|cli|app|main)(/|\\.)' },
    ),
    rule(
      'engagement-knows-no-dialect',
      { path: '^src/engagement/' },
      { path: '^src/(dialects|ops|cli|app|main)(/|\\.)' },
    ),
    rule('events-know-no-ears', { path: '^src/notify/events/' }, { path: '^src/notify/(?!events/)' }),
    rule('sockets-know-no-webhooks', { path: '^src/notify/realtime/' }, { path: '^src/notify/webhooks/' }),
    rule('webhooks-know-no-sockets', { path: '^src/notify/webhooks/' }, { path: '^src/notify/realtime/' }),
    rule(
      'dialects-are-strangers',
      { path: '^src/dialects/([^/]+)/' },
      { path: '^src/dialects/', pathNot: '^src/dialects/($1/|dialect\\.ts)' },
    ),
    rule(
      'nobody-but-the-start-knows-a-dialect',
      { path: '^src/', pathNot: '^src/(dialects|app|cli|entities|purges)' },
      { path: '^src/dialects/' },
    ),
    rule(
      'neighbours-meet-through-services',
      { path: `^src/(${core.join('|')})/` },
      { path: `^src/(${core.join('|')})/.+\\.(controller|sql)\\.ts$`, pathNot: '^src/$1/' },
    ),
    rule(
      'repositories-stay-home',
      { path: '^src/((?:notify/|dialects/|platform/)?[^/]+)/' },
      { path: '\\.repository\\.ts$', pathNot: ['^src/$1/', '^src/platform/database/'] },
    ),

    rule(
      'services-know-no-http',
      { path: '\\.(service|repository|entity)\\.ts$' },
      { path: '\\.(dto|controller|presenter)\\.ts$|@nestjs/swagger|/express/|^src/platform/common/openapi/' },
    ),
    rule('controllers-ask-services', { path: '\\.controller\\.ts$' }, { path: '\\.(repository|sql)\\.ts$' }),
    rule('repositories-ask-no-service', { path: '\\.(repository|entity)\\.ts$' }, { path: '\\.service\\.ts$' }),
    rule(
      // What a row looks like is all a presenter may know of where it comes from.
      'presenters-only-present',
      { path: '\\.presenter\\.ts$' },
      { path: '\\.(service|repository|controller)\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    // Packages may export parts of themselves, each for `import` alone.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
