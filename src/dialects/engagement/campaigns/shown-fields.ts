import { Shown } from '../../../platform/common/openapi/shown.js';

export const ShownText = (maxLength: number, example: string | null, description: string): PropertyDecorator =>
  Shown({ type: String, maxLength, nullable: true, example, description });
export const ShownRate = (of: string): PropertyDecorator =>
  Shown({
    ...{ type: Number, minimum: 0, example: 12.5 },
    description: `How many of a hundred mails that did not come back were ${of}; 0 of none.`,
  });
