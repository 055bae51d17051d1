import type { Request } from 'express';

/** The parts of Express's router that say which routes there are. */
interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
}
interface Layer {
  readonly route?: Route;
  match(path: string): boolean;
}

/** The methods that some route answers at the path of this request; none where no route has that path. */
export function allowedMethods(request: Request): string[] {
  const methods = new Set<string>();
  for (const route of routesAt(request)) {
    for (const method of Object.keys(route.methods)) {
      methods.add(method.toUpperCase());
    }
  }
  if (methods.has('GET')) {
    methods.add('HEAD');
  }
  return [...methods].sort();
}

/** The path of its route, with names in the place of values, also where it was refused before it was routed. */
export function routeOf(request: Request): string | undefined {
  const taken = request.route as Route | undefined;
  const method = request.method.toLowerCase();
  return (taken ?? routesAt(request).find(({ methods }) => methods[method]))?.path;
}

function routesAt({ app, path }: Request): Route[] {
  const { stack } = app.router as unknown as { stack: readonly Layer[] };
  return stack.flatMap((layer) => (layer.route && layer.match(path) ? [layer.route] : []));
}
