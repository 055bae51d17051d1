import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { contextOf } from './two-factor.js';
import { TwoFactorRepository } from './two-factor.repository.js';

/** Rows at a time. */
const BATCH_ROWS = 100;

/** While there is a previous key, the secrets of users are sealed again with the new one, so that it can be removed. */
@Injectable()
export class TotpRotation implements OnApplicationBootstrap {
  private readonly logger = new Logger('SecretRotation');

  constructor(
    private readonly repository: TwoFactorRepository,
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
      const users = await this.repository.findSealedBefore(keyId, after, BATCH_ROWS);
      found = users.length;
      for (const { id, secret } of users) {
        await this.sealAnew(id, secret);
        after = id;
      }
    }
  }

  private async sealAnew(userId: string, secret: Buffer): Promise<void> {
    const context = contextOf(userId);
    try {
      const sealed = await this.box.seal(context, await this.box.open(context, secret));
      await this.repository.sealAnew(userId, secret, sealed);
    } catch (error) {
      this.logger.warn((error as Error).message);
    }
  }
}
