import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { SecretRotation } from '../../platform/secrets/secret-rotation.js';
import { contextOf } from './ai-settings.service.js';
import { FIND_SEALED_BEFORE, SEAL_ANEW } from './ai-settings.sql.js';

interface Sealed {
  readonly clientId: string;
  readonly secret: Buffer;
}

/** Of the providers of models. */
@Injectable()
export class AiSecretRotation extends SecretRotation<Sealed> {
  constructor(
    private readonly database: Database,
    box: SecretBox,
  ) {
    super(box);
  }

  protected override findSealedBefore(keyId: Buffer, after: Sealed | null, most: number): Promise<Sealed[]> {
    const values = [keyId, after?.clientId ?? FIRST_UUID, most];
    return this.database.acrossTenants<Sealed & Record<string, unknown>>(FIND_SEALED_BEFORE, values);
  }

  protected override contextOf(row: Sealed): string {
    return contextOf(row);
  }

  protected override async sealAnew(row: Sealed, sealed: Buffer): Promise<void> {
    await this.database.runFor(row, SEAL_ANEW, [row.secret, sealed]);
  }
}
