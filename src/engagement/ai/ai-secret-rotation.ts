import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { contextOf } from './ai-settings.service.js';
import { FIND_SEALED_BEFORE, SEAL_ANEW } from './ai-settings.sql.js';

/** Rows at a time. */
const BATCH_ROWS = 100;

interface Sealed {
  readonly clientId: string;
  readonly secret: Buffer;
}

/** While there is a previous key, the keys of providers are sealed again with the new one, so that it can be removed. */
@Injectable()
export class AiSecretRotation implements OnApplicationBootstrap {
  private readonly logger = new Logger('SecretRotation');

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  onApplicationBootstrap(): void {
    this.rotate().catch((error: unknown) =>
      this.logger.warn(`Secrets were not sealed anew: ${(error as Error).message}`),
    );
  }

  /** Secrets that neither key opens are left as they are, and logged. */
  async rotate(): Promise<void> {
    const keyId = await this.box.idToRotateTo();
    if (keyId === null) {
      return;
    }
    let after = FIRST_UUID;
    for (let found = BATCH_ROWS; found === BATCH_ROWS;) {
      const values = [keyId, after, BATCH_ROWS];
      const rows = await this.database.acrossTenants<Sealed & Record<string, unknown>>(FIND_SEALED_BEFORE, values);
      found = rows.length;
      for (const row of rows) {
        await this.sealAnew(row);
        after = row.clientId;
      }
    }
  }

  private async sealAnew(row: Sealed): Promise<void> {
    const context = contextOf(row);
    try {
      const sealed = await this.box.seal(context, await this.box.open(context, row.secret));
      await this.database.runFor(row, SEAL_ANEW, [row.secret, sealed]);
    } catch (error) {
      this.logger.warn((error as Error).message);
    }
  }
}
