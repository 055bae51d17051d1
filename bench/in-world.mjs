import { writeInto } from './report.mjs';
import { World } from './world.mjs';

export const WRITE = '--write';

/** Prints the markdown that `measure` answers, and puts it between the marks `name` where `--write` asks for it. */
export async function inWorld(name, measure) {
  const world = new World();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // A terminal and npm both pass on a Ctrl-C: the second must not end what the first began.
    process.on(signal, () => {
      if (!world.isClosing) {
        void world.close().finally(() => process.exit(130));
      }
    });
  }
  try {
    const markdown = await measure(world);
    console.log(markdown);
    if (process.argv.includes(WRITE)) {
      await writeInto(name, markdown);
    }
  } catch (error) {
    if (!world.isClosing) {
      console.error(error);
    }
    process.exitCode = 1;
  } finally {
    await world.close();
  }
}
