import { Refusal } from '../../platform/common/errors/refusal.js';

export function unreachable(medium: string): Refusal {
  return new Refusal('invalid', `This contact can not be reached by ${medium}.`);
}

export function notConnected(channel: string): Refusal {
  return new Refusal('invalid', `The channel ${channel} is not connected in this workspace.`);
}
