import { HiddenMessage } from './hidden-message.entity.js';
import { Message } from './message.entity.js';
import { Notification } from './notification.entity.js';
import { Receipt } from './receipts/receipt.entity.js';

export const messagesEntities = [HiddenMessage, Message, Notification, Receipt];
