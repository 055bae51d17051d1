/** Requests that a provider is asked at once. */
const AT_ONCE = 5;

/** Asks for each of them, few at once. @throws what the first that fails says; none is begun after it */
export async function inTurns<T>(all: readonly T[], ask: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...all];
  const askNext = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      await ask(one).catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
}
