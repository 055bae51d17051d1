import { describe, expect, it } from '@jest/globals';
import { document, engagementDocument, layerDocument, problemAt } from '../support/truth.js';

type Node = Readonly<Record<string, unknown>>;
interface Found {
  readonly at: string;
  readonly node: Node;
}

const DOCUMENTS = [
  ['the core', 'openapi.json', document, 50],
  ['the Layer dialect', 'openapi-layer.json', layerDocument, 50],
  ['the engagement dialect', 'openapi-engagement.json', engagementDocument, 50],
] as const;
/** What examples hold is data, and no part of the document. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every object in a document, by its path. */
function nodesIn(node: Node, at = ''): Found[] {
  const inner = Object.entries(node).filter(([key, value]) => isNode(value) && !DATA.has(key));
  return [{ at, node }, ...inner.flatMap(([key, value]) => nodesIn(value as Node, `${at}/${key}`))];
}

/** Whatever stands by its name under such a key: properties, parameters, headers, schemas. */
function namedIn(nodes: readonly Found[], key: string): Found[] {
  return nodes
    .filter(({ at }) => at.endsWith(`/${key}`))
    .flatMap(({ at, node }) => Object.entries(node).map(([name, one]) => ({ at: `${at}/${name}`, node: one as Node })));
}

/** The names that lead to `/paths//api/v1/files/get/responses/201/content/application/json`, of which two hold a slash. */
function placeOf(at: string): string[] {
  const [, of = '', path = '', rest = ''] =
    /^\/(paths|components)(?:\/(\/.*?)(?=\/(?:get|put|post|patch|delete)\/))?(.*)\/application\/json$/.exec(at) ?? [];
  return [of, ...(path === '' ? [] : [path]), ...rest.split('/').slice(1), 'application/json'];
}

function describes({ node }: Found): boolean {
  return typeof node.description === 'string' && /^[A-Z`][^]*[.)]$/.test(node.description);
}

/** Sentences for people, as long as it takes to say what is wrong. */
const isSentence = (at: string): boolean =>
  /Error\/properties\/(error|message|errors\/additionalProperties\/items)$/.test(at);

const hasType = (node: Node, type: string): boolean => [node.type].flat().includes(type);
const paths = (found: readonly Found[]): string[] => found.map(({ at }) => at);

describe.each(DOCUMENTS)('The document of %s', (_, file, of, fewestTexts) => {
  const nodes = nodesIn(of as unknown as Node);
  // Inside `properties` a key may be called "properties" or "type": names are looked at by what they name.
  const schemas = nodes.filter(({ at, node }) => !/\/(properties|headers|schemas)$/.test(at) && 'type' in node);

  it.each(['schemas', 'properties', 'headers', 'parameters', 'responses'])(
    'describes each of its %s in a sentence',
    (key) => {
      const named = namedIn(nodes, key).filter(({ node }) => !('$ref' in node));
      expect(named).not.toHaveLength(0);
      expect(paths(named.filter((one) => !describes(one)))).toEqual([]);
    },
  );

  it('says how long or of what form each text is', () => {
    const texts = schemas.filter(({ node }) => hasType(node, 'string'));
    const bounded = (node: Node): boolean =>
      ['enum', 'const', 'format', 'pattern', 'maxLength'].some((limit) => limit in node);
    expect(texts.length).toBeGreaterThan(fewestTexts);
    expect(paths(texts.filter(({ at, node }) => !bounded(node) && !isSentence(at)))).toEqual([]);
  });

  it('shows an example of each body that is answered, which is what its schema says', () => {
    const answers = nodes.filter(({ at }) => /\/responses\/\w+\/content\/application\/json$/.test(at));
    expect(answers.length).toBeGreaterThan(10);
    const wrong = answers.flatMap(({ at, node }) => {
      const problem = 'example' in node ? problemAt(file, [...placeOf(at), 'schema'], node.example) : 'has none';
      return problem === null ? [] : [`${at}: ${problem}`];
    });
    expect(wrong).toEqual([]);
  });

  it('says where each number begins', () => {
    const numbers = schemas.filter(({ node }) => hasType(node, 'integer') || hasType(node, 'number'));
    expect(paths(numbers.filter(({ node }) => !('minimum' in node || 'enum' in node || 'const' in node)))).toEqual([]);
  });
});
