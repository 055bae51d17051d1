import type { Dialect } from '../dialect.js';
import { EngagementModule } from './engagement.module.js';
import { buildEngagementDocument } from './http/engagement-document.js';
import { engagementEdge } from './http/engagement-edge.js';
import { EngagementErrors } from './http/engagement-errors.js';
import { MOUNTED_AT } from './http/is-for-engagement.js';

export const engagement: Dialect = {
  name: 'Engagement',
  mountedAt: MOUNTED_AT,
  module: EngagementModule,
  errors: EngagementErrors,
  document: buildEngagementDocument,
  edge: engagementEdge,
};
