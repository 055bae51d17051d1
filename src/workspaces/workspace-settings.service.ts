import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Holder } from '../platform/database/database.js';
import { WorkspaceSettingsRepository, type SettingsChange, type SettingsRow } from './workspace-settings.repository.js';

const SALT_BYTES = 32;

/** What a client has set as a workspace. */
@Injectable()
export class WorkspaceSettingsService {
  constructor(private readonly settings: WorkspaceSettingsRepository) {}

  /** Every client has some, as soon as somebody asks. */
  async of(workspace: Holder): Promise<SettingsRow> {
    return (await this.settings.find(workspace)) ?? this.change(workspace, {});
  }

  /** What is left out stays as it is. */
  change(workspace: Holder, change: SettingsChange): Promise<SettingsRow> {
    return this.settings.set(workspace, randomBytes(SALT_BYTES), change);
  }

  markDeleted(workspace: Holder): Promise<void> {
    return this.settings.markDeleted(workspace);
  }
}
