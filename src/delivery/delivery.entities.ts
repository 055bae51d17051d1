import { Address } from './addresses/address.entity.js';
import { Conversation } from './conversations/conversation.entity.js';
import { MergedConversation } from './conversations/merged-conversation.entity.js';
import { DeliveryCount } from './deliveries/delivery-count.entity.js';
import { DeliveryMonth } from './deliveries/delivery-month.entity.js';
import { Delivery } from './deliveries/delivery.entity.js';
import { MessageAuthor } from './deliveries/message-author.entity.js';
import { OptOut } from './opt-outs/opt-out.entity.js';
import { InboundPartRow } from './providers/smpp/inbound-part.entity.js';
import { EmailAccount } from './email/accounts/email-account.entity.js';
import { ImapMailbox } from './email/imap/imap-mailbox.entity.js';
import { InboundEmail } from './email/inbound/inbound-email.entity.js';
import { EmailDelivery } from './email/outbound/email-delivery.entity.js';
import { EmailMessage } from './email/messages/email-message.entity.js';
import { MessagingProvider } from './providers/messaging-provider.entity.js';
import { Template } from './templates/template.entity.js';
import { DeliveryJob } from './worker/delivery-job.entity.js';

export const deliveryEntities = [
  MessagingProvider,
  Address,
  Conversation,
  MergedConversation,
  Delivery,
  DeliveryCount,
  DeliveryMonth,
  MessageAuthor,
  DeliveryJob,
  OptOut,
  Template,
  InboundPartRow,
  EmailAccount,
  EmailMessage,
  EmailDelivery,
  InboundEmail,
  ImapMailbox,
];
