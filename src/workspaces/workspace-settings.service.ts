import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ShortMemory } from '../platform/common/short-memory.js';
import type { Holder } from '../platform/database/database.js';
import { WorkspaceSettingsRepository, type SettingsChange, type SettingsRow } from './workspace-settings.repository.js';

const SALT_BYTES = 32;

/** What a client has set as a workspace. */
@Injectable()
export class WorkspaceSettingsService {
  private readonly kept = new ShortMemory<SettingsRow>();

  constructor(private readonly settings: WorkspaceSettingsRepository) {}

  /** Every client has some, as soon as somebody asks. */
  async of(workspace: Holder): Promise<SettingsRow> {
    return (await this.settings.find(workspace)) ?? this.set(workspace, {});
  }

  /** The same; what is set elsewhere is heeded within seconds. */
  async recent(workspace: Holder): Promise<SettingsRow> {
    return this.kept.find(workspace.clientId, () => this.of(workspace));
  }

  /** The country of numbers that do not say theirs. */
  async countryOf(workspace: Holder): Promise<string> {
    return (await this.recent(workspace)).defaultCountry;
  }

  /** What is left out stays as it is. */
  async change(workspace: Holder, change: SettingsChange): Promise<SettingsRow> {
    const changed = await this.set(workspace, change);
    this.kept.forget();
    return changed;
  }

  markDeleted(workspace: Holder): Promise<void> {
    return this.settings.markDeleted(workspace);
  }

  private set(workspace: Holder, change: SettingsChange): Promise<SettingsRow> {
    return this.settings.set(workspace, randomBytes(SALT_BYTES), change);
  }
}
