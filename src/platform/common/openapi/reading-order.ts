import type { OpenAPIObject } from '@nestjs/swagger';

type PathItem = OpenAPIObject['paths'][string];
type Parameters = NonNullable<NonNullable<PathItem['get']>['parameters']>;

/** Create, list, read, change, delete: whoever learns an API looks for them in this order. */
const RANKS: Readonly<Record<string, number>> = { post: 0, put: 0, get: 2, patch: 3, delete: 4 };
const LIST_RANK = 1;
/** What a list takes; the latter in the Layer dialect. */
const PAGE_SIZES = ['limit', 'page_size'];

/** Sorts a document for its readers: operations by tag, resource and what they do, parameters by whether they must be there. */
export function inReadingOrder(document: OpenAPIObject): OpenAPIObject {
  const tags = document.tags?.map(({ name }) => name) ?? [];
  const resources = Object.keys(document.paths).map(resourceOf);
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const sorted = sortedItem(item);
    const resource = resourceOf(path);
    const place = [tagOf(sorted, tags), resource.split('{').length, resources.indexOf(resource), rankOf(sorted)];
    return { path, sorted, place };
  });
  paths.sort((a, b) => a.place.map((number, index) => number - b.place[index]!).find((by) => by !== 0) ?? 0);
  return { ...document, paths: Object.fromEntries(paths.map(({ path, sorted }) => [path, sorted])) };
}

/** `/clients/{id}/keys/{key_id}` → `/clients/{id}/keys`; empty where it belongs to nothing else. */
function resourceOf(path: string): string {
  return /^.*\}\/[^{/]+/.exec(path)?.[0] ?? '';
}

function sortedItem(item: PathItem): PathItem {
  const operations = Object.entries(item).map(([method, operation]: [string, NonNullable<PathItem['get']>]) => {
    const { parameters } = operation;
    return [method, parameters ? { ...operation, parameters: requiredFirst(parameters) } : operation] as const;
  });
  return Object.fromEntries(operations.sort(([a], [b]) => RANKS[a]! - RANKS[b]!));
}

function requiredFirst(parameters: Parameters): Parameters {
  const isRequired = (one: Parameters[number]): boolean => 'required' in one && one.required === true;
  return [...parameters.filter(isRequired), ...parameters.filter((one) => !isRequired(one))];
}

function tagOf(item: PathItem, tags: readonly string[]): number {
  const [first] = Object.values(item) as [NonNullable<PathItem['get']>];
  return tags.indexOf(first.tags?.[0] ?? '');
}

/** That of what it does first. */
function rankOf(item: PathItem): number {
  const [method = ''] = Object.keys(item);
  const isList = item.get?.parameters?.some((one) => 'name' in one && PAGE_SIZES.includes(one.name));
  return method === 'get' && isList ? LIST_RANK : RANKS[method]!;
}
