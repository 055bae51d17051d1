import type { ErrorCode } from '../../platform/common/errors/error-codes.js';
import { Refusal } from '../../platform/common/errors/refusal.js';

/** Layer's errors: the number that clients branch on, the HTTP status, and what the core would say. */
export const LAYER_ERRORS = {
  service_unavailable: { code: 1, status: 503, inCore: 'unavailable' },
  invalid_app_id: { code: 2, status: 403, inCore: 'forbidden' },
  invalid_request_id: { code: 3, status: 400, inCore: 'malformed' },
  authentication_required: { code: 4, status: 401, inCore: 'unauthorized' },
  rate_limit_exceeded: { code: 7, status: 429, inCore: 'rate_limited' },
  request_timeout: { code: 8, status: 408, inCore: 'request_timeout' },
  invalid_operation: { code: 9, status: 422, inCore: 'invalid' },
  invalid_request: { code: 10, status: 400, inCore: 'malformed' },
  internal_server_error: { code: 100, status: 500, inCore: 'internal_error' },
  access_denied: { code: 101, status: 403, inCore: 'forbidden' },
  not_found: { code: 102, status: 404, inCore: 'not_found' },
  missing_property: { code: 104, status: 422, inCore: 'invalid' },
  invalid_property: { code: 105, status: 422, inCore: 'invalid' },
  invalid_endpoint: { code: 106, status: 404, inCore: 'not_found' },
  invalid_header: { code: 107, status: 406, inCore: 'malformed' },
  conflict: { code: 108, status: 409, inCore: 'id_in_use' },
  method_not_allowed: { code: 109, status: 405, inCore: 'method_not_allowed' },
  id_in_use: { code: 111, status: 409, inCore: 'id_in_use' },
} as const satisfies Readonly<Record<string, { code: number; status: number; inCore: ErrorCode }>>;
export type LayerErrorId = keyof typeof LAYER_ERRORS;

/** A "no" in Layer's words; `data` goes out as it is: what is wrong with which property, or the object that is there already. */
export class LayerRefusal extends Refusal {
  constructor(
    readonly id: LayerErrorId,
    message: string,
    readonly data?: object,
  ) {
    super(LAYER_ERRORS[id].inCore, message);
  }
}
