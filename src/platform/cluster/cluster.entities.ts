import { Replica } from './replica.entity.js';

export const clusterEntities = [Replica];
