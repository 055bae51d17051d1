import { ChannelMember } from './channel-member.entity.js';
import { Channel } from './channel.entity.js';
import { FormerMember } from './former-member.entity.js';

export const channelsEntities = [ChannelMember, Channel, FormerMember];
