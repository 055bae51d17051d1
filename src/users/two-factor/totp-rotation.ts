import { Injectable } from '@nestjs/common';
import { FIRST_UUID } from '../../platform/database/uuids.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { SecretRotation } from '../../platform/secrets/secret-rotation.js';
import { contextOf } from './two-factor.js';
import { TwoFactorRepository } from './two-factor.repository.js';

interface Sealed {
  readonly id: string;
  readonly secret: Buffer;
}

/** Of users with two factors. */
@Injectable()
export class TotpRotation extends SecretRotation<Sealed> {
  constructor(
    private readonly repository: TwoFactorRepository,
    box: SecretBox,
  ) {
    super(box);
  }

  protected override findSealedBefore(keyId: Buffer, after: Sealed | null, most: number): Promise<Sealed[]> {
    return this.repository.findSealedBefore(keyId, after?.id ?? FIRST_UUID, most);
  }

  protected override contextOf(user: Sealed): string {
    return contextOf(user.id);
  }

  protected override sealAnew(user: Sealed, sealed: Buffer): Promise<void> {
    return this.repository.sealAnew(user.id, user.secret, sealed);
  }
}
