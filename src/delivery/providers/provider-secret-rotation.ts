import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { contextOf } from './provider-secrets.js';
import { ProvidersRepository, type SealedRow } from './providers.repository.js';

/** Rows at a time. */
const BATCH_ROWS = 100;

/** While there is a previous key, the secrets of providers are sealed again with the new one, so that it can be removed. */
@Injectable()
export class ProviderSecretRotation implements OnApplicationBootstrap {
  private readonly logger = new Logger('SecretRotation');

  constructor(
    private readonly providers: ProvidersRepository,
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
    let after = { clientId: FIRST_UUID, id: FIRST_UUID };
    for (let found = BATCH_ROWS; found === BATCH_ROWS;) {
      const rows = await this.providers.findSealedBefore(keyId, after, BATCH_ROWS);
      found = rows.length;
      for (const row of rows) {
        await this.sealAnew(row);
        after = row;
      }
    }
  }

  private async sealAnew(row: SealedRow): Promise<void> {
    const context = contextOf(row, row.id);
    try {
      await this.providers.sealAnew(row, await this.box.seal(context, await this.box.open(context, row.secret)));
    } catch (error) {
      this.logger.warn((error as Error).message);
    }
  }
}
