import { Core1795214579517 } from './1795214579517-Core.js';
import { RealTime1795219852504 } from './1795219852504-RealTime.js';
import { Files1795221534596 } from './1795221534596-Files.js';
import { Layer1795230903358 } from './1795230903358-Layer.js';
import { LayerSessions1795280711872 } from './1795280711872-LayerSessions.js';
import { ForgetSecrets1795300000000 } from './1795300000000-ForgetSecrets.js';
import { ClientPolicies1795300100000 } from './1795300100000-ClientPolicies.js';
import { CustomerChanges1795300150000 } from './1795300150000-CustomerChanges.js';
import { Listeners1795300200001 } from './1795300200001-Listeners.js';
import { FileLives1795301000000 } from './1795301000000-FileLives.js';
import { MissedEvents1795301100001 } from './1795301100001-MissedEvents.js';
import { PresenceStatus1795301100002 } from './1795301100002-PresenceStatus.js';
import { FormerMembersLeft1795301200000 } from './1795301200000-FormerMembersLeft.js';
import { NewestFirst1795301300000 } from './1795301300000-NewestFirst.js';
import { OpenChannels1795301400000 } from './1795301400000-OpenChannels.js';
import { RaiseMessage1795301500000 } from './1795301500000-RaiseMessage.js';
import { Users1795400000000 } from './1795400000000-Users.js';
import { Mails1795400001000 } from './1795400001000-Mails.js';
import { Workspaces1795400100000 } from './1795400100000-Workspaces.js';
import { CustomerPhones1795400200000 } from './1795400200000-CustomerPhones.js';
import { Delivery1795400201000 } from './1795400201000-Delivery.js';
import { Providers1795500000000 } from './1795500000000-Providers.js';
import { SmppBinds1795500100000 } from './1795500100000-SmppBinds.js';
import { NumberCodes1795500101000 } from './1795500101000-NumberCodes.js';
import { Media1795500200000 } from './1795500200000-Media.js';
import { DeliveryCountsByCurrency1795500300000 } from './1795500300000-DeliveryCountsByCurrency.js';
import { Audit1795500301000 } from './1795500301000-Audit.js';
import { PagesListen1795500400000 } from './1795500400000-PagesListen.js';
import { SocketUsers1795500401000 } from './1795500401000-SocketUsers.js';
import { DeliveryTimes1795500500000 } from './1795500500000-DeliveryTimes.js';
import { Templates1795600000000 } from './1795600000000-Templates.js';
import { CatchUp1795600100000 } from './1795600100000-CatchUp.js';
import { FollowSend1795600200000 } from './1795600200000-FollowSend.js';
import { DeliveryMonths1795600201000 } from './1795600201000-DeliveryMonths.js';
import { SubmitTogether1795600202000 } from './1795600202000-SubmitTogether.js';
import { SubmitAsked1795600203000 } from './1795600203000-SubmitAsked.js';
import { Contacts1795600300000 } from './1795600300000-Contacts.js';
import { Segments1795600301000 } from './1795600301000-Segments.js';
import { Conversations1795600400000 } from './1795600400000-Conversations.js';
import { CannedResponses1795600500000 } from './1795600500000-CannedResponses.js';
import { KeyOfDelivery1795600900000 } from './1795600900000-KeyOfDelivery.js';
import { MoveOnlyChanged1795601000000 } from './1795601000000-MoveOnlyChanged.js';
import { Services1795700000000 } from './1795700000000-Services.js';
import { EngagementEvents1795700100000 } from './1795700100000-EngagementEvents.js';
import { AutomaticReplies1795700300000 } from './1795700300000-AutomaticReplies.js';
import { LiveChat1795700301000 } from './1795700301000-LiveChat.js';
import { Imports1795700500000 } from './1795700500000-Imports.js';
import { DailyStats1795700600000 } from './1795700600000-DailyStats.js';
import { Ratings1795700601000 } from './1795700601000-Ratings.js';
import { KeepPlans1795700700000 } from './1795700700000-KeepPlans.js';
import { Email1795700800000 } from './1795700800000-Email.js';
import { OutboundEmail1795700801000 } from './1795700801000-OutboundEmail.js';
import { Bounces1795700802000 } from './1795700802000-Bounces.js';
import { ForgetMails1795700803000 } from './1795700803000-ForgetMails.js';
import { EmailEvents1795700804000 } from './1795700804000-EmailEvents.js';
import { MessageSearch1795702000000 } from './1795702000000-MessageSearch.js';
import { InboxPlans1795702001000 } from './1795702001000-InboxPlans.js';
import { MergeContacts1795702100000 } from './1795702100000-MergeContacts.js';
import { MergeConversations1795702101000 } from './1795702101000-MergeConversations.js';
import { Imap1795702200000 } from './1795702200000-Imap.js';
import { ReadConversation1795702300000 } from './1795702300000-ReadConversation.js';
import { Campaigns1795703000000 } from './1795703000000-Campaigns.js';
import { Knowledge1795704000000 } from './1795704000000-Knowledge.js';
import { CampaignSending1795705000000 } from './1795705000000-CampaignSending.js';
import { Tracking1795705001000 } from './1795705001000-Tracking.js';
import { CampaignAnswers1795705100000 } from './1795705100000-CampaignAnswers.js';
import { Workflows1795706000000 } from './1795706000000-Workflows.js';
import { WorkflowTriggers1795706001000 } from './1795706001000-WorkflowTriggers.js';
import { Ai1795707000000 } from './1795707000000-Ai.js';
import { CampaignPlans1795708000000 } from './1795708000000-CampaignPlans.js';
import { OpensTogether1795708100000 } from './1795708100000-OpensTogether.js';
import { CampaignTriggers1795710000000 } from './1795710000000-CampaignTriggers.js';
import { CampaignVariants1795720000000 } from './1795720000000-CampaignVariants.js';
import { ClientRates1795740000000 } from './1795740000000-ClientRates.js';
import { CountReturned1795745000000 } from './1795745000000-CountReturned.js';

/** In the order they run. */
export const migrations = [
  Core1795214579517,
  RealTime1795219852504,
  Files1795221534596,
  Layer1795230903358,
  LayerSessions1795280711872,
  ForgetSecrets1795300000000,
  ClientPolicies1795300100000,
  CustomerChanges1795300150000,
  Listeners1795300200001,
  FileLives1795301000000,
  MissedEvents1795301100001,
  PresenceStatus1795301100002,
  FormerMembersLeft1795301200000,
  NewestFirst1795301300000,
  OpenChannels1795301400000,
  RaiseMessage1795301500000,
  Users1795400000000,
  Mails1795400001000,
  Workspaces1795400100000,
  CustomerPhones1795400200000,
  Delivery1795400201000,
  Providers1795500000000,
  SmppBinds1795500100000,
  NumberCodes1795500101000,
  Media1795500200000,
  DeliveryCountsByCurrency1795500300000,
  Audit1795500301000,
  PagesListen1795500400000,
  SocketUsers1795500401000,
  DeliveryTimes1795500500000,
  Templates1795600000000,
  CatchUp1795600100000,
  FollowSend1795600200000,
  DeliveryMonths1795600201000,
  SubmitTogether1795600202000,
  SubmitAsked1795600203000,
  Contacts1795600300000,
  Segments1795600301000,
  Conversations1795600400000,
  CannedResponses1795600500000,
  KeyOfDelivery1795600900000,
  MoveOnlyChanged1795601000000,
  Services1795700000000,
  EngagementEvents1795700100000,
  AutomaticReplies1795700300000,
  LiveChat1795700301000,
  Imports1795700500000,
  DailyStats1795700600000,
  Ratings1795700601000,
  KeepPlans1795700700000,
  Email1795700800000,
  OutboundEmail1795700801000,
  Bounces1795700802000,
  ForgetMails1795700803000,
  EmailEvents1795700804000,
  MessageSearch1795702000000,
  InboxPlans1795702001000,
  MergeContacts1795702100000,
  MergeConversations1795702101000,
  Imap1795702200000,
  ReadConversation1795702300000,
  Campaigns1795703000000,
  Knowledge1795704000000,
  CampaignSending1795705000000,
  Tracking1795705001000,
  CampaignAnswers1795705100000,
  Workflows1795706000000,
  WorkflowTriggers1795706001000,
  Ai1795707000000,
  CampaignPlans1795708000000,
  OpensTogether1795708100000,
  CampaignTriggers1795710000000,
  CampaignVariants1795720000000,
  ClientRates1795740000000,
  CountReturned1795745000000,
];
