import { QueuedMail } from './mails/mail.entity.js';
import { User } from './user.entity.js';
import { UserIdentity } from './user-identity.entity.js';
import { UserSession } from './sessions/user-session.entity.js';
import { UserToken } from './tokens/user-token.entity.js';

export const usersEntities = [User, UserIdentity, UserSession, UserToken, QueuedMail];
