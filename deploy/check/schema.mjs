import * as client from '@kubernetes/client-node';

/** `networking.k8s.io/v1` to the folder where its kinds are. */
const GROUPS = { 'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/monitoring.coreos.com' };

/** Types and patterns, and what has to be there. @throws what is wrong with the object */
async function validate(object) {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  const folder = GROUPS[group] ?? ['kubernetes-models', group].filter(Boolean).join('/');
  const { [object.kind]: Kind } = await import(`${folder}/${version}/${object.kind}`);
  new Kind(object).validate();
}

/** @returns paths of fields that Kubernetes does not know, and would pass over without a word */
function unknownIn(value, type, path) {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list) {
    return value.flatMap((one, index) => unknownIn(one, list, `${path}[${index}]`));
  }
  const known = client[type]?.getAttributeTypeMap?.();
  if (!known || typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, field]) => {
    const of = known.find(({ baseName }) => baseName === name);
    return of ? unknownIn(field, of.type, `${path}.${name}`) : [`${path}.${name}`];
  });
}

/** As the API of Kubernetes would refuse it, and stricter. @returns what is wrong with an object */
export async function problemsOf(object) {
  const version = object.apiVersion.split('/').at(-1);
  const name = `${object.kind} ${object.metadata?.name}`;
  const unknown = unknownIn(object, `${version[0].toUpperCase()}${version.slice(1)}${object.kind}`, name);
  try {
    await validate(object);
  } catch (error) {
    return [...unknown, `${name}: ${error.message}`];
  }
  return unknown;
}
