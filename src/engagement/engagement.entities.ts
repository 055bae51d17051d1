import { ContactTouch } from './contacts/contact-touch.entity.js';
import { Contact } from './contacts/contact.entity.js';

export const engagementEntities = [Contact, ContactTouch];
