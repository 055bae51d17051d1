import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { FIRST_UUID } from '../../../platform/database/uuids.js';
import { SecretBox } from '../../../platform/secrets/secret-box.js';
import { SecretRotation } from '../../../platform/secrets/secret-rotation.js';
import { contextOf } from './account-secrets.js';
import { FIND_SEALED_BEFORE, SEAL_ANEW } from './email-accounts.sql.js';

interface Sealed {
  readonly clientId: string;
  readonly id: string;
  readonly secret: Buffer;
}

/** Of e-mail accounts. */
@Injectable()
export class AccountSecretRotation extends SecretRotation<Sealed> {
  constructor(
    private readonly database: Database,
    box: SecretBox,
  ) {
    super(box);
  }

  protected override findSealedBefore(keyId: Buffer, after: Sealed | null, most: number): Promise<Sealed[]> {
    const values = [keyId, after?.clientId ?? FIRST_UUID, after?.id ?? FIRST_UUID, most];
    return this.database.acrossTenants<Sealed & Record<string, unknown>>(FIND_SEALED_BEFORE, values);
  }

  protected override contextOf(row: Sealed): string {
    return contextOf(row, row.id);
  }

  protected override async sealAnew(row: Sealed, sealed: Buffer): Promise<void> {
    await this.database.runFor(row, SEAL_ANEW, [row.id, row.secret, sealed]);
  }
}
