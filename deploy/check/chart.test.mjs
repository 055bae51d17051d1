import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CHART, helm, kubectl, objectsIn } from './tools.mjs';
import { problemsOf } from './schema.mjs';

const ROOT = new URL('../..', import.meta.url).pathname;
const VALUES = new URL('values/', import.meta.url).pathname;
const PLAIN = new URL('../k8s/', import.meta.url).pathname;
const VALUE_SETS = (await readdir(VALUES)).map((name) => join(VALUES, name));

const render = async (...args) => objectsIn(await helm('template', 'chat', CHART, '--namespace', 'chat', ...args));
const podsOf = (objects) =>
  objects.flatMap((object) => (object.kind === 'Pod' ? [object.spec] : (object.spec?.template?.spec ?? [])));

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'chart-'))));
after(() => rm(folder, { recursive: true }));

/** Renders with these values. */
async function rendered(values) {
  const file = join(folder, 'values.json');
  await writeFile(file, JSON.stringify(values));
  return render('--values', file);
}

const DATABASE_URL = 'postgres://me:secret@postgres/chat';

for (const values of VALUE_SETS) {
  describe(values.slice(VALUES.length), () => {
    let objects;
    before(async () => (objects = await render('--values', values)));

    it('passes helm lint', () => helm('lint', '--strict', CHART, '--values', values));

    it('makes objects that Kubernetes takes', async () => {
      assert.deepEqual((await Promise.all(objects.map(problemsOf))).flat(), []);
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      assert.deepEqual(names, [...new Set(names)]);
    });

    it('lets no pod do more than it needs', () => {
      const pods = podsOf(objects);
      assert.ok(pods.length >= 3);
      for (const pod of pods) {
        assert.equal(pod.automountServiceAccountToken, false);
        assert.equal(pod.securityContext.runAsNonRoot, true);
        assert.deepEqual(pod.securityContext.seccompProfile, { type: 'RuntimeDefault' });
        for (const { securityContext, resources } of pod.containers) {
          assert.deepEqual(securityContext, {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory);
        }
      }
    });

    it('asks every server how it is, and gives it time to end', () => {
      const servers = objects.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.spec);
      assert.equal(servers.length, 2);
      for (const { terminationGracePeriodSeconds, containers } of servers) {
        const [{ env, startupProbe, livenessProbe, readinessProbe }] = containers;
        assert.equal(startupProbe.httpGet.path, '/health/live');
        assert.equal(livenessProbe.httpGet.path, '/health/live');
        assert.equal(readinessProbe.httpGet.path, '/health/ready');
        const delay = Number(env.find(({ name }) => name === 'SHUTDOWN_DELAY').value);
        // 15 seconds for requests under way: src/shutdown.ts.
        assert.ok(terminationGracePeriodSeconds > delay + 15);
      }
    });

    it('has what each object points to', () => {
      const named = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
      const given = new Set(['Secret parlance-secrets', 'PersistentVolumeClaim chat-files']);
      const wanted = podsOf(objects).flatMap(({ volumes = [], containers }) => [
        ...volumes.flatMap(({ persistentVolumeClaim: claim }) =>
          claim ? `PersistentVolumeClaim ${claim.claimName}` : [],
        ),
        ...containers.flatMap(({ envFrom = [] }) =>
          envFrom.map(({ configMapRef, secretRef }) =>
            configMapRef ? `ConfigMap ${configMapRef.name}` : `Secret ${secretRef.name}`,
          ),
        ),
      ]);
      assert.deepEqual(
        wanted.filter((one) => !named.has(one) && !given.has(one)),
        [],
      );
    });

    it('shows numbers where it is asked to, and a dashboard that can be read', () => {
      const isMeasured = !values.endsWith('bare.yaml');
      const servers = objects.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.spec);
      for (const { containers } of servers) {
        const [{ env, ports }] = containers;
        const port = Number(env.find(({ name }) => name === 'METRICS_PORT')?.value);
        assert.equal(ports.find(({ name }) => name === 'metrics')?.containerPort === port, isMeasured);
      }
      const dashboard = objects.find(({ metadata }) => metadata.name === 'chat-dashboard');
      assert.equal(dashboard !== undefined, values.endsWith('public.yaml'));
      assert.ok(!dashboard || JSON.parse(dashboard.data['parlance.json']).panels.length > 0);
    });

    it('selects the pods that it makes', () => {
      const labels = objects.flatMap(({ spec }) => spec?.template?.metadata.labels ?? []);
      const selectors = objects.flatMap(({ kind, spec }) =>
        kind === 'Service' ? [spec.selector] : kind === 'PodDisruptionBudget' ? [spec.selector.matchLabels] : [],
      );
      assert.ok(selectors.length >= 3);
      for (const selector of selectors) {
        assert.ok(labels.some((of) => Object.entries(selector).every(([name, value]) => of[name] === value)));
      }
    });
  });
}

describe('The chart', () => {
  it('knows every setting, and each as a secret or as none', async () => {
    const example = await readFile(join(ROOT, '.env.example'), 'utf8');
    const names = [...example.matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name);
    const { properties } = JSON.parse(await readFile(join(CHART, 'values.schema.json'), 'utf8'));
    // Of the chart itself, and of its image.
    const own = ['NODE_ENV', 'HOST', 'PORT', 'DATA_DIR', 'ROLE', 'MIGRATE', 'SHUTDOWN_DELAY', 'METRICS_PORT'];
    const settings = Object.keys(properties.settings.properties);
    const secrets = Object.keys(properties.secrets.properties);
    assert.deepEqual([...own, ...settings, ...secrets].sort(), names.sort());
  });

  it('hands settings on as they were written', async () => {
    const settings = {
      MAX_SOCKETS: 1_000_000,
      SOCKETS_PER_ADDRESS: '007',
      AI_LOG: 'off',
      MAIL_FROM: 'A "b" <a@b.example>',
    };
    const objects = await rendered({ secrets: { DATABASE_URL }, settings });
    const { data } = objects.find(({ kind }) => kind === 'ConfigMap');
    assert.deepEqual(data, { ...settings, MAX_SOCKETS: '1000000' });
  });

  it('makes the secrets that nobody gave, and shows a migration the database alone', async () => {
    const objects = await rendered({ secrets: { DATABASE_URL, ADMIN_KEY: 'a'.repeat(32) } });
    const [ours, hook] = ['chat', 'chat-migration'].map((name) => {
      const { data } = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
      return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
      );
    });
    assert.deepEqual(hook, { DATABASE_URL });
    assert.equal(ours.ADMIN_KEY, 'a'.repeat(32));
    const made = [ours.FILES_SECRET, ours.SECRETS_KEY, ours.TRACKING_SECRET];
    made.forEach((one) => assert.match(one, /^[0-9a-f]{64}$/));
    assert.equal(new Set(made).size, 3);
  });

  it('lets workers alone reach the internet, and nobody what is inside', async () => {
    const reached = async (values) => {
      const objects = await rendered({ secrets: { DATABASE_URL }, ...values });
      const policy = objects.find(({ metadata }) => metadata.name === 'chat-internet');
      const [{ ipBlock }] = policy.spec.egress[0].to;
      assert.ok(ipBlock.except.includes('169.254.0.0/16'));
      return policy.spec.podSelector.matchExpressions[0].values;
    };
    assert.deepEqual(await reached({}), ['worker']);
    assert.deepEqual(await reached({ networkPolicy: { webReachesInternet: true } }), ['worker', 'web']);
  });

  const REFUSED = {
    '/secrets': [{}, "missing property 'DATABASE_URL'"],
    '/secrets/DATABASE_URL': [{ secrets: { DATABASE_URL: 'mysql://localhost/chat' } }, 'does not match pattern'],
    '/secrets/SECRETS_KEY': [{ secrets: { DATABASE_URL, SECRETS_KEY: 'short' } }, 'does not match pattern'],
    '/settings': [{ settings: { LOGLEVEL: 'info' } }, "additional properties 'LOGLEVEL' not allowed"],
    '/settings/LOG_LEVEL': [{ settings: { LOG_LEVEL: 'loud' } }, 'must be one of'],
    '/web': [{ web: { replica: 3 } }, "additional properties 'replica' not allowed"],
    '/web/replicas': [{ web: { replicas: -1 } }, 'want 0'],
    '/web/resources/limits/memory': [{ web: { resources: { limits: { memory: 'much' } } } }, 'does not match pattern'],
    '/ingress/host': [{ ingress: { enabled: true } }, 'minLength'],
    '/image/pullPolicy': [{ image: { pullPolicy: 'Sometimes' } }, 'must be one of'],
    '/shutdown/graceSeconds': [{ shutdown: { graceSeconds: '1m' } }, 'got string, want integer'],
    '/metrics/port': [{ metrics: { port: 'http' } }, 'got string, want integer'],
    '/metrics/serviceMonitor/interval': [
      { metrics: { serviceMonitor: { interval: 'often' } } },
      'does not match pattern',
    ],
    '/files/accessModes/0': [{ files: { accessModes: ['ReadOnlyMany'] } }, 'must be one of'],
    '/networkPolicy/databasePorts/0': [{ networkPolicy: { databasePorts: ['postgres'] } }, 'got string, want integer'],
  };
  for (const [path, [values, why]] of Object.entries(REFUSED)) {
    it(`refuses a wrong ${path} by its name`, async () => {
      const given = path.startsWith('/secrets') ? values : { secrets: { DATABASE_URL }, ...values };
      await assert.rejects(rendered(given), (error) => {
        assert.ok(error.message.includes(`at '${path}'`), error.message);
        assert.ok(error.message.includes(why), error.message);
        return true;
      });
    });
  }

  it('tells of a field that Kubernetes does not know', async () => {
    const objects = await rendered({ secrets: { DATABASE_URL } });
    const web = objects.find(({ kind }) => kind === 'Deployment');
    web.spec.template.spec.containers[0].imagePulPolicy = 'Always';
    web.spec.replicas = 'two';
    assert.deepEqual(
      (await problemsOf(web)).map((problem) => problem.replace(/\s+/g, ' ').trim()),
      [
        'Deployment chat-web.spec.template.spec.containers[0].imagePulPolicy',
        'Deployment chat-web: data/spec/replicas must be integer',
      ],
    );
  });
});

describe('The plain manifests', () => {
  const files = {
    'parlance.yaml': ['--no-hooks'],
    'migration.yaml': ['--show-only', 'templates/migration.yaml'],
  };
  for (const [name, args] of Object.entries(files)) {
    it(`are what the chart makes: ${name}`, async () => {
      const made = await helm('template', 'parlance', CHART, '--values', join(PLAIN, 'values.yaml'), ...args);
      const text = `# Made from the chart and values.yaml: npm run deploy:manifests\n${made}`;
      if (process.env.UPDATE === '1') {
        await writeFile(join(PLAIN, name), text);
      }
      assert.equal(await readFile(join(PLAIN, name), 'utf8'), text);
    });
  }

  it('go by kubectl apply -k', async () => {
    const objects = objectsIn(await kubectl('kustomize', PLAIN));
    assert.deepEqual((await Promise.all(objects.map(problemsOf))).flat(), []);
    assert.deepEqual(objects.filter(({ kind }) => kind === 'Deployment').length, 2);
  });
});
