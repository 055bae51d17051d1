import { CannedResponse } from './canned-responses/canned-response.entity.js';
import { ContactTouch } from './contacts/contact-touch.entity.js';
import { Contact } from './contacts/contact.entity.js';
import { ConversationEntry } from './conversations/conversation-entry.entity.js';
import { Reply } from './conversations/reply.entity.js';

export const engagementEntities = [CannedResponse, Contact, ContactTouch, ConversationEntry, Reply];
