import { SetMetadata, UseInterceptors, applyDecorators, type Type } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { IdempotencyInterceptor, StagedInterceptor } from '../idempotency/idempotency.interceptor.js';
import { SecretInterceptor } from '../idempotency/secret.interceptor.js';
import { listOf } from './list-of.js';

const PURPOSE = 'parlance:purpose';

const NOT_KEPT = 'An `Idempotency-Key` is refused with 400, because answers with a secret are not stored.';

export interface OperationOptions {
  /** The name of its method in generated clients, where the controller is not named for the resource. */
  readonly id?: string;
  /** Whether the answer shows a secret, once: then it is kept for no Idempotency-Key. */
  readonly showsSecret?: boolean;
  readonly description?: string;
  /** Statuses beyond those that every operation of its kind can answer; 404 is the common one. */
  readonly refuses?: readonly number[];
  /** The text of a refusal, by its status, where nothing else of the operation says it. */
  readonly says?: Readonly<Record<number, string>>;
}

/** What a route does, in two or three words: "Send message". The text of a 500 is made of it. */
export function Operation(
  summary: string,
  { id, description, refuses = [], says = {}, showsSecret = false }: OperationOptions = {},
): MethodDecorator {
  const text = [description, showsSecret ? NOT_KEPT : undefined].filter((text) => text !== undefined).join(' ');
  return applyDecorators(
    SetMetadata(PURPOSE, summary),
    ApiOperation({
      summary,
      ...(id === undefined ? {} : { operationId: id }),
      ...(text === '' ? {} : { description: text }),
    }),
    ...(showsSecret ? [UseInterceptors(SecretInterceptor)] : []),
    ...refuses.map((status) => ApiResponse({ status })),
    ...Object.entries(says).map(([status, said]) => ApiResponse({ status: Number(status), description: said })),
  );
}

export function purposeOf(handler: object): string | undefined {
  return Reflect.getMetadata(PURPOSE, handler) as string | undefined;
}

/** A route that answers a `Page`, which leaves in the one envelope of all lists. */
export function AnswersListOf(item: Type): MethodDecorator {
  return ApiResponse({ status: 200, type: listOf(item), description: 'One page of the list.' });
}

/**
 * A POST that happens at most once under one `Idempotency-Key`.
 * @param staged whether the handler answers a Staged, because it waits for the network
 */
export function Idempotent({ staged = false } = {}): MethodDecorator {
  return applyDecorators(
    UseInterceptors(staged ? StagedInterceptor : IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'A key you choose to make retries safe: within 24 hours, a repeated request with it gets the stored answer and changes nothing.',
      // Without an example: Swagger UI would fill it in, and every try after the first would be refused.
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiResponse({ status: 409 }),
  );
}
