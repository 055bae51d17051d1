import { Injectable } from '@nestjs/common';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { SecretRotation } from '../../platform/secrets/secret-rotation.js';
import { contextOf } from './provider-secrets.js';
import { ProvidersRepository, type SealedRow } from './providers.repository.js';

/** Of providers. */
@Injectable()
export class ProviderSecretRotation extends SecretRotation<SealedRow> {
  constructor(
    private readonly providers: ProvidersRepository,
    box: SecretBox,
  ) {
    super(box);
  }

  protected override findSealedBefore(keyId: Buffer, after: SealedRow | null, most: number): Promise<SealedRow[]> {
    return this.providers.findSealedBefore(keyId, after ?? { clientId: FIRST_UUID, id: FIRST_UUID }, most);
  }

  protected override contextOf(row: SealedRow): string {
    return contextOf(row, row.id);
  }

  protected override sealAnew(row: SealedRow, sealed: Buffer): Promise<void> {
    return this.providers.sealAnew(row, sealed);
  }
}
