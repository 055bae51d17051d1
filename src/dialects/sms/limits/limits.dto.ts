import { ApiSchema } from '@nestjs/swagger';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';

const Rate = (description: string): PropertyDecorator =>
  Shown({
    type: 'integer',
    nullable: true,
    minimum: 1,
    example: 100,
    description: `${description}; null if unlimited.`,
  });

@ApiSchema({ name: 'Limits', description: 'How much a workspace may have and ask for.' })
export class LimitsDto {
  @Rate('How many requests a minute a key may make at `/api/messages`')
  readonly keyRequestsPerMinute!: number | null;

  @Rate('How many requests a minute a user may make, over all sessions')
  readonly userRequestsPerMinute!: number | null;

  @ShownCount({ example: 1_600, description: 'How many characters a message may have.' })
  readonly bodyCharacters!: number;

  @ShownCount({ example: 1_000, description: 'How many phone numbers a workspace may have.' })
  readonly phoneNumbers!: number;

  @ShownCount({ example: 50, description: 'How many API keys that work a workspace may have.' })
  readonly apiKeys!: number;

  @ShownCount({ example: 50, description: 'How many personal tokens that work a member may have.' })
  readonly personalTokens!: number;

  @ShownCount({ example: 100, description: 'How many open invitations a workspace may have.' })
  readonly openInvitations!: number;

  @ShownCount({ example: 1_000, description: 'How many templates a workspace may have.' })
  readonly templates!: number;

  @ShownCount({ example: 10_000, description: 'How many entries of the audit log are kept.' })
  readonly auditEntries!: number;

  @ShownCount({ example: 10_000, description: 'How many conversations pages reach.' })
  readonly conversationsByPage!: number;

  @ShownCount({ example: 400, description: 'How many days statistics may be asked for.' })
  readonly statsDays!: number;
}
