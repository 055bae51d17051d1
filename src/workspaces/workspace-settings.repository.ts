import { Injectable } from '@nestjs/common';
import { Database, type Holder } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import type { WorkspaceSettings } from './workspace-settings.entity.js';
import { FIND_SETTINGS, MARK_DELETED, SET_SETTINGS } from './workspace-settings.sql.js';

export type SettingsRow = Pick<
  WorkspaceSettings,
  'defaultCountry' | 'timezone' | 'smartEncoding' | 'optOut' | 'optOutSalt' | 'asksForRatings'
>;

/** What is left out, or null, stays as it is. */
export type SettingsChange = {
  readonly [Part in Exclude<keyof SettingsRow, 'optOutSalt'>]?: SettingsRow[Part] | null;
};

@Injectable()
export class WorkspaceSettingsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async find(workspace: Holder): Promise<SettingsRow | null> {
    return (await this.rows<SettingsRow & Record<string, unknown>>(workspace, FIND_SETTINGS))[0] ?? null;
  }

  async set(workspace: Holder, salt: Buffer, change: SettingsChange): Promise<SettingsRow> {
    const { defaultCountry, timezone, smartEncoding, optOut, asksForRatings } = change;
    const values = [salt, defaultCountry, timezone, smartEncoding, optOut && JSON.stringify(optOut), asksForRatings];
    return (await this.rows<SettingsRow & Record<string, unknown>>(workspace, SET_SETTINGS, ...values))[0]!;
  }

  async markDeleted(workspace: Holder): Promise<void> {
    await this.rows(workspace, MARK_DELETED);
  }
}
