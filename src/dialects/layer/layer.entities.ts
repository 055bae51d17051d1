import { Follow } from './identities/follow.entity.js';
import { IdentityKey } from './identities/identity-key.entity.js';
import { Nonce } from './identities/nonce.entity.js';

export const layerEntities = [Follow, IdentityKey, Nonce];
