import { ApiSchema } from '@nestjs/swagger';
import { Choice, Text } from '../../../platform/common/fields/fields.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownId,
} from '../../../platform/common/openapi/shown.js';
import { ListQuery } from '../../../platform/common/pagination/list-query.js';
import { ALGORITHMS, type Algorithm } from './identity-key.entity.js';
import { layerUriPattern } from '../layer-id.js';
import { KEY_OF } from './public-key.js';

const MAX_PEM = 4_096;
const PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----
`;

@RequestSchema('A public key for identity tokens.')
export class CreateIdentityKeyDto {
  @Choice([...ALGORITHMS].reverse(), {
    description: `What the key signs with: ${ALGORITHMS.map((name) => `\`${name}\` (${KEY_OF[name]})`).join(' or ')}.`,
  })
  readonly algorithm!: Algorithm;

  @Text({
    name: 'public_key',
    max: MAX_PEM,
    example: PEM,
    description: 'The public key in PEM; keep the private key on your own server.',
  })
  readonly publicKey!: string;
}

export class ListIdentityKeysQuery extends ListQuery('identity_key') {}

@ApiSchema({ description: 'A public key that verifies identity tokens.' })
export class IdentityKeyDto {
  @ObjectType('identity_key')
  readonly object!: 'identity_key';

  @ShownId('identity_key', { description: 'The id of the identity key.' })
  readonly id!: string;

  @Shown({
    pattern: layerUriPattern('keys'),
    example: 'layer:///keys/01890a5d-ac96-774b-bcce-b302099a8057',
    description: 'The `kid` to put in the header of identity tokens signed with this key.',
  })
  readonly kid!: string;

  @ShownId('client', { description: 'The id of the client the key belongs to.' })
  readonly client_id!: string;

  @Shown({ enum: [...ALGORITHMS], type: String, example: 'ES256', description: 'The algorithm of the signatures.' })
  readonly algorithm!: Algorithm;

  @Shown({ maxLength: MAX_PEM, example: PEM, description: 'The public key in PEM.' })
  readonly public_key!: string;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}
