import type { NextFunction, Request, Response } from 'express';
import { presentBrokenAs } from '../../../platform/common/http/broken-request.js';
import { isPreflight } from '../../../platform/common/http/cors.js';
import { LayerRefusal } from '../layer-refusal.js';
import { isForLayer, MOUNTED_AT } from './is-for-layer.js';
import { brokenRequest } from './layer-errors.js';
import { admitLayerOrigin, answerLayerPreflight } from './layer-cors.js';

/** The versions of the Client API differ in nothing that is answered here. */
const ACCEPTED = /^application\/vnd\.layer\+json\s*;\s*version\s*=\s*"?(2|3)\.0"?\s*(;|$)/i;
const PATCH = /^application\/vnd\.layer-patch\+json(?=\s*(;|$))/i;
const OVERRIDES = ['PUT', 'PATCH', 'DELETE'];
const OVERRIDE = 'X-HTTP-Method-Override';

/** What is different about a request under `/layer` before it is read and routed like any other. */
export function layerEdge(request: Request, response: Response, next: NextFunction): void {
  if (!isForLayer(request)) {
    next();
  } else if (isPreflight(request)) {
    answerLayerPreflight(request, response);
  } else {
    presentBrokenAs(request, response, (refusal) => brokenRequest(request, refusal));
    next(admit(request, response));
  }
}

/** What is wrong with it; undefined: nothing. */
function admit(request: Request, response: Response): LayerRefusal | undefined {
  const { headers } = request;
  if (headers.origin !== undefined) {
    admitLayerOrigin(response, headers.origin);
  }
  if (request.path === `${MOUNTED_AT}/`) {
    // How the SDKs ask for the root, as their base URL has no slash at its end.
    request.url = MOUNTED_AT + request.url.slice(request.path.length);
  }
  if (request.path === `${MOUNTED_AT}/ping`) {
    return undefined;
  }
  if (!(headers.accept ?? '').split(',').some((type) => ACCEPTED.test(type.trim()))) {
    return invalidHeader('Accept', 'must be application/vnd.layer+json; version=3.0, or 2.0.');
  }
  // What Layer calls its patches is JSON.
  headers['content-type'] = headers['content-type']?.replace(PATCH, 'application/json');
  return overrideMethod(request);
}

/** For those whose proxies let nothing through but GET and POST. */
function overrideMethod(request: Request): LayerRefusal | undefined {
  const asked = request.headers[OVERRIDE.toLowerCase()];
  if (request.method !== 'POST' || typeof asked !== 'string') {
    return undefined;
  }
  const method = OVERRIDES.find((one) => one === asked.toUpperCase());
  if (method === undefined) {
    return invalidHeader(OVERRIDE, `must be one of ${OVERRIDES.join(', ')}.`);
  }
  request.method = method;
  return undefined;
}

function invalidHeader(header: string, says: string): LayerRefusal {
  return new LayerRefusal('invalid_header', `The ${header} header ${says}`, { header });
}
