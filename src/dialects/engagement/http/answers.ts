import { HttpCode, applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** Single objects leave in this. */
export interface Data<T> {
  readonly data: T;
}

export function data<T>(of: T): Data<T> {
  return { data: of };
}

interface AnswerOptions {
  readonly status?: 200 | 201 | 202;
  readonly description: string;
  /** What stands beside `data`, by name. */
  readonly beside?: Readonly<Record<string, object>>;
}

/** A route that answers this DTO in `data`. */
export function Answers(dto: Type, { status = 200, description, beside = {} }: AnswerOptions): MethodDecorator {
  return answersIn({ $ref: getSchemaPath(dto) }, dto, { status, description, beside });
}

/** A route that, besides, answers this DTO in `data` with another status. */
export function AlsoAnswers(dto: Type, { status = 200, description, beside = {} }: AnswerOptions): MethodDecorator {
  return describedIn({ $ref: getSchemaPath(dto) }, dto, { status, description, beside });
}

/** The same of all that there are, without pages. */
export function AnswersAllOf(dto: Type, { status = 200, description, beside = {} }: AnswerOptions): MethodDecorator {
  const items = { type: 'array', items: { $ref: getSchemaPath(dto) }, description: 'All of them.' };
  return answersIn(items, dto, { status, description, beside });
}

/** A route that answers 204 without a body. */
export function AnswersNothing(description: string): MethodDecorator {
  return applyDecorators(HttpCode(204), ApiResponse({ status: 204, description }));
}

function answersIn(schema: object, dto: Type, options: Required<AnswerOptions>): MethodDecorator {
  return applyDecorators(HttpCode(options.status), describedIn(schema, dto, options));
}

function describedIn(
  schema: object,
  dto: Type,
  { status, description, beside }: Required<AnswerOptions>,
): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(dto),
    ApiResponse({
      status,
      description,
      schema: {
        type: 'object',
        required: ['data', ...Object.keys(beside)],
        properties: { data: schema as never, ...(beside as Record<string, never>) },
      },
    }),
  );
}
