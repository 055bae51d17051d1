import { AnnouncementRecipient } from './announcement-recipient.entity.js';
import { Announcement } from './announcement.entity.js';

export const announcementsEntities = [AnnouncementRecipient, Announcement];
