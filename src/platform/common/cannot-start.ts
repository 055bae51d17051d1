/** The start must stop with this one line; trying again as it is can't help. */
export class CannotStart extends Error {}
