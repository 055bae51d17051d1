import { forbidden } from '../../../platform/common/errors/refusal.js';
import type { WorkspaceCaller } from '../../../platform/common/tenancy/workspace-credentials.js';

/** The id of the user who asks. @throws Refusal 403: it is a key, or a customer */
export function callingUserOf({ user }: WorkspaceCaller): string {
  if (user === null) {
    throw forbidden('Only a user has this');
  }
  return user.userId;
}
