import type { Dialect } from './dialect.js';
import { engagement } from './engagement/engagement.dialect.js';
import { layer } from './layer/layer.dialect.js';
import { pusher } from './pusher/pusher.dialect.js';
import { sms } from './sms/sms.dialect.js';

/** Every dialect beside the core's own. */
export const DIALECTS: readonly Dialect[] = [pusher, layer, sms, engagement];
