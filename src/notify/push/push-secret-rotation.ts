import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { SecretRotation } from '../../platform/secrets/secret-rotation.js';
import type { PushCredential } from './push-credential.entity.js';
import { FIND_SEALED_BEFORE, SEAL_ANEW } from './push-credentials.sql.js';
import { contextOf } from './push-credentials.service.js';

type Sealed = Pick<PushCredential, 'clientId' | 'provider' | 'secret'>;

/** Of push services. */
@Injectable()
export class PushSecretRotation extends SecretRotation<Sealed> {
  constructor(
    private readonly database: Database,
    box: SecretBox,
  ) {
    super(box);
  }

  protected override findSealedBefore(keyId: Buffer, after: Sealed | null, most: number): Promise<Sealed[]> {
    const values = [keyId, after?.clientId ?? FIRST_UUID, after?.provider ?? '', most];
    return this.database.acrossTenants<Sealed & Record<string, unknown>>(FIND_SEALED_BEFORE, values);
  }

  protected override contextOf(row: Sealed): string {
    return contextOf(row, row.provider);
  }

  protected override async sealAnew(row: Sealed, sealed: Buffer): Promise<void> {
    await this.database.runFor(row, SEAL_ANEW, [row.provider, row.secret, sealed]);
  }
}
