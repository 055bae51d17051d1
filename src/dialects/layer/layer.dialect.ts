import type { Dialect } from '../dialect.js';
import { MOUNTED_AT } from './http/is-for-layer.js';
import { buildLayerDocument } from './http/layer-document.js';
import { layerEdge } from './http/layer-edge.js';
import { LayerErrors } from './http/layer-errors.js';
import { LayerModule } from './layer.module.js';
import { LayerCredentials } from './sessions/layer.credentials.js';

export const layer: Dialect = {
  name: 'Layer',
  mountedAt: [MOUNTED_AT],
  module: LayerModule,
  credentials: LayerCredentials,
  errors: LayerErrors,
  document: buildLayerDocument,
  edge: layerEdge,
};
