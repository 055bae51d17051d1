import { Refusal } from '../../../platform/common/errors/refusal.js';
import { AiRefusal } from '../../ai/ai-refusal.js';
import { TemplateFault } from '../../templates/template-fault.js';

const MAX_SAID = 1_000;

/** A step can not be done, now or ever: something that it needs is not there. */
export class StepFailure extends Error {}

/** What is outside did not take it: it may, later. */
export class StepDelay extends Error {}

/** What is wrong with the step itself; null where it is something of ours. */
export function failureIn(error: unknown): { readonly says: string; readonly isFinal: boolean } | null {
  if (error instanceof StepDelay) {
    return { says: short(error.message), isFinal: false };
  }
  if (error instanceof StepFailure || error instanceof TemplateFault) {
    return { says: short(error.message), isFinal: true };
  }
  // Without a provider, or beyond the limit of the month, nobody can be asked until somebody changes that.
  if (error instanceof AiRefusal) {
    return { says: short(error.message), isFinal: error.aiCode !== 'AI_FAILED' };
  }
  if (error instanceof Refusal) {
    const { errors } = error.details;
    const says = errors ? Object.values(errors).flat().join(' ') : error.message;
    return { says: short(says), isFinal: error.kind !== 'unavailable' && error.kind !== 'rate_limited' };
  }
  return null;
}

function short(says: string): string {
  return says.slice(0, MAX_SAID);
}
