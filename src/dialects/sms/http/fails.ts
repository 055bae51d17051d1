import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiResponse } from '@nestjs/swagger';
import { statusOfCode, type SmsCode } from './sms-codes.js';

/** In the document: the codes of an operation beyond those that every operation of its kind can answer. */
export const ERROR_CODES_OF = 'x-error-codes';

/** What this operation can refuse in particular. */
export function Fails(...codes: readonly SmsCode[]): MethodDecorator {
  const statuses = new Set(codes.map(statusOfCode));
  return applyDecorators(
    ApiExtension(ERROR_CODES_OF, codes),
    ...[...statuses].map((status) => ApiResponse({ status })),
  );
}
