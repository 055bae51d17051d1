import { LayerRefusal } from '../layer-refusal.js';

export function unknownIdentity(): LayerRefusal {
  return new LayerRefusal('not_found', 'There is no such identity.');
}
