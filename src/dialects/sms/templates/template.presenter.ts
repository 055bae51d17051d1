import type { TemplateRow } from '../../../delivery/templates/templates.service.js';
import { variablesIn } from '../../../delivery/templates/variables.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { TemplateDto } from './template.dto.js';

export function presentTemplate({ id, name, body, createdAt, updatedAt }: TemplateRow): TemplateDto {
  return {
    ...{ id: formatId('template', id), name, body },
    variables: variablesIn(body)!,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
