import { Refusal } from '../../platform/common/errors/refusal.js';

/** What one customer may have. */
export const MAX_DEVICES = 25;

/** A name of its own, because other dialects have words of their own for it. */
export class TooManyDevices extends Refusal {
  constructor() {
    super('invalid', 'The given data was invalid.', {
      errors: { device_id: [`A customer may not have more than ${MAX_DEVICES} devices.`] },
    });
  }
}
