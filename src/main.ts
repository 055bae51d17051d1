// Nothing else is imported here: an older Node can't load the rest of the code, and would not say why.
const OLDEST = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(`Parlance needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}
await import('./start.js');

export {};
