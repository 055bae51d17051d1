import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import type { PushCredential } from './push-credential.entity.js';
import { FIND_SEALED_BEFORE, SEAL_ANEW } from './push-credentials.sql.js';
import { contextOf } from './push-credentials.service.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';

/** Rows at a time. */
const BATCH_ROWS = 100;

type Sealed = Pick<PushCredential, 'clientId' | 'provider' | 'secret'>;

/** While there is a previous key, its secrets are sealed again with the new one, so that it can be removed. */
@Injectable()
export class SecretRotation implements OnApplicationBootstrap {
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
    const id = await this.box.idToRotateTo();
    if (id === null) {
      return;
    }
    const after: [clientId: string, provider: string] = [FIRST_UUID, ''];
    for (let found = BATCH_ROWS; found === BATCH_ROWS;) {
      const rows = await this.database.acrossTenants<Sealed & Record<string, unknown>>(FIND_SEALED_BEFORE, [
        id,
        ...after,
        BATCH_ROWS,
      ]);
      found = rows.length;
      for (const row of rows) {
        await this.sealAnew(row);
        after.splice(0, 2, row.clientId, row.provider);
      }
    }
  }

  private async sealAnew({ clientId, provider, secret }: Sealed): Promise<void> {
    const context = contextOf({ clientId }, provider);
    try {
      const sealed = await this.box.seal(context, await this.box.open(context, secret));
      await this.database.runFor({ clientId }, SEAL_ANEW, [provider, secret, sealed]);
    } catch (error) {
      this.logger.warn((error as Error).message);
    }
  }
}
