const rule = (name, from, to) => ({ name, severity: 'error', from, to });

const above = 'app|main|health|cli|worker|layer|realtime|webhooks|events|push|announcements|demo';
const ours = '^(src|migrations|test|bench|client)/|^ormconfig';

/** messages → files → channels → customers → clients → jobs → database → common: each may ask what stands to its right. */
const rightwards = ['messages', 'files', 'channels', 'customers', 'clients', 'jobs'];

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

    rule('common-imports-nothing', { path: '^src/common/' }, { path: ours, pathNot: '^src/common/' }),
    rule(
      'database-imports-common',
      { path: '^src/database/', pathNot: '^src/database/options\\.ts$' },
      { path: ours, pathNot: '^src/(common|database)/' },
    ),
    rule(
      'options-also-lists-entities-and-migrations',
      { path: '^src/database/options\\.ts$' },
      { path: ours, pathNot: '^(src/(common|database)/|src/entities\\.ts$|migrations/)' },
    ),
    rule('config-imports-nothing', { path: '^src/config\\.ts$' }, { path: ours }),
    rule('entities-lists-entities', { path: '^src/entities\\.ts$' }, { path: ours, pathNot: '\\.entity\\.ts$' }),
    ...rightwards.map((name, position) =>
      rule(
        `${name}-look-rightwards`,
        { path: `^src/${name}/` },
        { path: `^src/(${[...rightwards.slice(0, position), above].join('|')})(/|\\.)` },
      ),
    ),
    rule('events-know-no-ears', { path: '^src/events/' }, { path: '^src/(realtime|webhooks)/' }),
    rule('sockets-know-no-webhooks', { path: '^src/realtime/' }, { path: '^src/webhooks/' }),
    rule(
      'nobody-but-the-start-knows-layer',
      { path: '^src/', pathNot: '^src/(layer|app|cli)' },
      { path: '^src/layer/', pathNot: '\\.entity\\.ts$' },
    ),
    rule('webhooks-know-no-sockets', { path: '^src/webhooks/' }, { path: '^src/realtime/' }),
    rule(
      'neighbours-meet-through-services',
      { path: `^src/(${rightwards.join('|')})/` },
      { path: `^src/(${rightwards.join('|')})/.+\\.(controller|sql)\\.ts$`, pathNot: '^src/$1/' },
    ),
    rule(
      'repositories-stay-home',
      { path: '^src/([^/]+)/' },
      { path: '\\.repository\\.ts$', pathNot: ['^src/$1/', '^src/database/'] },
    ),

    rule(
      'services-know-no-http',
      { path: '\\.(service|repository|entity)\\.ts$' },
      { path: '\\.(dto|controller|presenter)\\.ts$|@nestjs/swagger|/express/|^src/common/openapi/' },
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
  },
};
