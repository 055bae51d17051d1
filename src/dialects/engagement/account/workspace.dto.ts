import { ApiSchema } from '@nestjs/swagger';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { RATE_NAMES } from '../../../platform/common/rate-limit/named-limits.js';
import { ROLES, type Role } from '../../../platform/common/tenancy/roles.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

const MAX_TEXT = 255;
const Unset = (description: string): PropertyDecorator =>
  Shown({ type: String, nullable: true, maxLength: MAX_TEXT, example: null, description });

@ApiSchema({ description: 'How much of everything a workspace has.' })
export class EngagementCountsDto {
  @ShownCount({ example: 120, description: 'How many contacts.' })
  readonly contacts!: number;

  @ShownCount({ example: 31, description: 'How many conversations.' })
  readonly conversations!: number;

  @ShownCount({ example: 0, description: 'How many e-mail accounts.' })
  readonly email_accounts!: number;

  @ShownCount({ example: 0, description: 'How many campaigns.' })
  readonly campaigns!: number;

  @ShownCount({ example: 0, description: 'How many workflows.' })
  readonly workflows!: number;

  @ShownCount({ example: 3, description: 'How many members.' })
  readonly members!: number;
}

@ApiSchema({ description: 'What a workspace has set.' })
export class EngagementSettingsDto {
  @Shown({
    type: String,
    pattern: '^[A-Z]{2}$',
    example: 'US',
    description: 'The country of phone numbers that are written without a country code.',
  })
  readonly default_country!: string;

  @Shown({ type: Boolean, example: true, description: 'Whether typographic characters are replaced in texts.' })
  readonly smart_encoding!: boolean;

  @Shown({
    type: Boolean,
    example: false,
    description: 'Whether contacts are asked how it went when their conversations are closed.',
  })
  readonly asks_for_ratings!: boolean;
}

@ApiSchema({ description: 'The workspace that a request is about.' })
export class EngagementWorkspaceDto {
  @ShownNumber('The id of the workspace.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: MAX_TEXT, example: 'Acme', description: 'The name of the workspace.' })
  readonly name!: string;

  @Shown({ type: String, maxLength: 300, example: 'acme-42', description: 'Its name and id, for addresses.' })
  readonly slug!: string;

  @Unset('Where its logo is; always null.')
  readonly logo_path!: string | null;

  @Unset('Its industry; always null.')
  readonly industry!: string | null;

  @Unset('How large the team is said to be; always null.')
  readonly team_size!: string | null;

  @Shown({ type: String, maxLength: 64, example: 'Europe/Berlin', description: 'The time zone of the workspace.' })
  readonly timezone!: string;

  @Shown({ type: Boolean, example: true, description: 'Whether it has been set up; always true.' })
  readonly onboarding_completed!: boolean;

  @Shown({ type: EngagementSettingsDto, description: 'What the workspace has set.' })
  readonly settings!: EngagementSettingsDto;

  @Shown({ type: EngagementCountsDto, description: 'How much of everything it has.' })
  readonly counts!: EngagementCountsDto;

  @Unset('What it pays for; always null.')
  readonly subscription!: string | null;

  @Shown({ type: String, enum: [...ROLES], example: 'owner', description: 'What you are in the workspace.' })
  readonly your_role!: Role;

  @CreatedAt()
  readonly created_at!: string;
}

@ApiSchema({ description: 'How many requests may be made.' })
export class EngagementRateDto {
  @Shown({
    type: String,
    enum: [...RATE_NAMES],
    example: 'api',
    description: 'What is counted: `api` is every request; the others are counted besides.',
  })
  readonly name!: string;

  @Shown({
    type: 'integer',
    nullable: true,
    minimum: 1,
    example: 60,
    description: 'How many may be made at once after a pause; null if unlimited.',
  })
  readonly limit!: number | null;

  @Shown({
    type: 'integer',
    nullable: true,
    minimum: 1,
    example: 60,
    description: 'In how many seconds that many come in anew; null if unlimited.',
  })
  readonly seconds!: number | null;

  @Shown({
    type: 'integer',
    nullable: true,
    minimum: 0,
    example: 59,
    description: 'How many may be made at once now; null if unlimited.',
  })
  readonly remaining!: number | null;
}

@ApiSchema({ description: 'How much a caller may ask for.' })
export class EngagementLimitsDto {
  @Shown({ type: [EngagementRateDto], description: 'How many requests may be made.' })
  readonly rates!: readonly EngagementRateDto[];
}
