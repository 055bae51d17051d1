/**
 * What a handler answers that has to wait for the network: `before` waits, with no connection to the database held, and
 * `work` makes of what came of it the one change, in the transaction of the request's key where it has one.
 */
export class Staged<Ready, Body> {
  constructor(
    readonly before: () => Promise<Ready>,
    readonly work: (ready: Ready) => Promise<Body>,
  ) {}
}
