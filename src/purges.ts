import { PURGE_FORMER_MEMBERS } from './channels/members.sql.js';
import { PURGE_INBOUND_PARTS } from './delivery/providers/smpp/smpp.sql.js';
import { PURGE_INBOUND_EMAILS } from './delivery/email/inbound/inbound-emails.sql.js';
import { PURGE_SESSIONS } from './customers/sessions/customer-sessions.sql.js';
import { PURGE_NONCES } from './dialects/layer/sessions/nonces.sql.js';
import { PURGE_SOCKET_OWNERS } from './dialects/pusher/pusher.sql.js';
import { PURGE_AI_REPLIES } from './engagement/ai/replies/ai-replies.sql.js';
import { PURGE_MERGED_CONTACTS } from './engagement/contacts/contact-merges.sql.js';
import { PURGE_IMPORTS } from './engagement/imports/imports.sql.js';
import { PURGE_EXECUTIONS } from './engagement/workflows/running/executions.sql.js';
import { PURGE_AUDIT } from './workspaces/audit/audit.sql.js';
import { FOLD_COUNTS } from './delivery/stats/stats.sql.js';
import { PURGE_MAILS } from './users/mails/mails.sql.js';
import { PURGE_USER_SESSIONS } from './users/sessions/user-sessions.sql.js';
import { PURGE_USER_TOKENS } from './users/tokens/user-tokens.sql.js';
import { PURGE_EVENTS } from './notify/webhooks/webhook-deliveries.sql.js';
import { PURGE_LISTENERS } from './platform/outbox/feed.sql.js';

/** What throws away what has had its time, each statement written by the module that owns the rows. */
export const purges = [
  PURGE_EVENTS,
  PURGE_LISTENERS,
  PURGE_SOCKET_OWNERS,
  PURGE_SESSIONS,
  PURGE_NONCES,
  PURGE_FORMER_MEMBERS,
  PURGE_USER_SESSIONS,
  PURGE_USER_TOKENS,
  PURGE_MAILS,
  PURGE_INBOUND_PARTS,
  PURGE_INBOUND_EMAILS,
  FOLD_COUNTS,
  PURGE_AUDIT,
  PURGE_IMPORTS,
  PURGE_MERGED_CONTACTS,
  PURGE_AI_REPLIES,
  PURGE_EXECUTIONS,
];
