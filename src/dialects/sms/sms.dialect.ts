import type { Dialect } from '../dialect.js';
import { MessagesCredentials } from './http/messages.credentials.js';
import { MOUNTED_AT } from './http/is-for-sms.js';
import { buildSmsDocument } from './http/sms-document.js';
import { smsEdge } from './http/sms-edge.js';
import { SmsErrors } from './http/sms-errors.js';
import { SmsModule } from './sms.module.js';

export const sms: Dialect = {
  name: 'Workspaces and SMS',
  mountedAt: MOUNTED_AT,
  module: SmsModule,
  credentials: MessagesCredentials,
  errors: SmsErrors,
  document: buildSmsDocument,
  edge: smsEdge,
};
