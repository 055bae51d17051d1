/** A step can not be done, now or ever: something that it needs is not there. */
export class StepFailure extends Error {}

/** What is outside did not take it: it may, later. */
export class StepDelay extends Error {}
