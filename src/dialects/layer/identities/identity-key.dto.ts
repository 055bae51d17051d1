import { Choice, exampleId, Text } from '../../../platform/common/fields/fields.js';
import { Shown } from '../../../platform/common/openapi/operation.js';
import { ListQuery } from '../../../platform/common/pagination/list-query.js';
import { ALGORITHMS, type Algorithm } from './identity-key.entity.js';
import { KEY_OF } from './public-key.js';

const PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----
`;

export class CreateIdentityKeyDto {
  @Choice([...ALGORITHMS].reverse(), {
    description: ALGORITHMS.map((algorithm) => `\`${algorithm}\`: ${KEY_OF[algorithm]}.`).join(' '),
  })
  readonly algorithm!: Algorithm;

  @Text({
    name: 'public_key',
    max: 4_096,
    example: PEM,
    description: 'In PEM. The private one stays on your own server.',
  })
  readonly publicKey!: string;
}

export class ListIdentityKeysQuery extends ListQuery('identity_key') {}

export class IdentityKeyDto {
  @Shown({ enum: ['identity_key'], type: String })
  readonly object!: 'identity_key';

  @Shown({ example: exampleId('identity_key') })
  readonly id!: string;

  @Shown({
    example: 'layer:///keys/01890a5d-ac96-774b-bcce-b302099a8057',
    description: 'What the header of an identity token names the key by.',
  })
  readonly kid!: string;

  @Shown({ example: exampleId('client') })
  readonly client_id!: string;

  @Shown({ enum: [...ALGORITHMS], type: String, example: 'ES256' })
  readonly algorithm!: Algorithm;

  @Shown({ example: PEM })
  readonly public_key!: string;

  @Shown({ type: 'integer', format: 'int64', example: 1_735_689_600 })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}
