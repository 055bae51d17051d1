import { Refusal } from '../../platform/common/errors/refusal.js';

/** What one customer may have. */
export const MAX_DEVICES = 25;

/** A class of its own, because dialects answer it differently. */
export class TooManyDevices extends Refusal {
  constructor() {
    super('invalid', 'The given data was invalid.', {
      errors: { device_id: [`A customer may not have more than ${MAX_DEVICES} devices.`] },
    });
  }
}
