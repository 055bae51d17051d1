/**
 * To be called before a look-up for somebody who was not let in before. It takes a failure from the address beforehand, so
 * that of a thousand guesses at once no more are looked up than may fail.
 * @throws Refusal 429
 */
export type AsStranger = () => Promise<void>;
