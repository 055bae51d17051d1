import type { ImportRecord } from '../../../engagement/imports/imports.service.js';
import type { ImportDto } from './import.dto.js';

/** @param base what stands before a path of this server */
export function presentImport(record: ImportRecord, base: string): ImportDto {
  const { number, id, kind, name, state, options, rows, created, updated, skipped, errors, errorCount } = record;
  return {
    ...{ id: number, uuid: id, type: kind, name, status: state },
    dry_run: options.kind === 'file' && options.dryRun,
    ...{ rows, created, updated, skipped, errors, errors_count: errorCount },
    errors_url: errorCount === 0 ? null : `${base}/api/v1/contacts/imports/${number}/errors`,
    created_at: record.createdAt.toISOString(),
    started_at: record.startedAt?.toISOString() ?? null,
    ended_at: record.endedAt?.toISOString() ?? null,
  };
}
