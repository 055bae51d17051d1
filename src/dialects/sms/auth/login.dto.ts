import { Email } from '../../../platform/common/fields/fields.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';
import { Password } from '../../../users/http/auth.fields.js';

@RequestSchema('What a user logs in with.')
export class CredentialsDto {
  @Email({ example: 'ann@acme.com', description: 'The e-mail address of the account.' })
  readonly email!: string;

  @Password({ description: 'The password.' })
  readonly password!: string;
}
