import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ErrorDialect, type ErrorAnswer } from '../../../platform/common/errors/error-dialect.js';
import type { RefusalKind } from '../../../platform/common/errors/error-codes.js';
import type { FieldErrors, Refusal } from '../../../platform/common/errors/refusal.js';
import { linkBaseOf } from '../../../platform/common/http/base-url.js';
import { LAYER_ERRORS, LayerRefusal } from '../layer-refusal.js';
import { isForLayer } from './is-for-layer.js';

/** Where this dialect is described. */
const DOCS = '/docs?urls.primaryName=Layer';

/** What the core refuses, in Layer's words. */
const IDS = {
  malformed: 'invalid_request',
  unauthorized: 'authentication_required',
  forbidden: 'access_denied',
  not_found: 'not_found',
  method_not_allowed: 'method_not_allowed',
  timed_out: 'request_timeout',
  conflict: 'conflict',
  precondition_failed: 'internal_server_error',
  too_large: 'invalid_request',
  unsupported_media_type: 'invalid_header',
  range_not_satisfiable: 'internal_server_error',
  expectation_failed: 'invalid_header',
  invalid: 'invalid_property',
  upgrade_required: 'internal_server_error',
  rate_limited: 'rate_limit_exceeded',
  headers_too_large: 'invalid_request',
  failed: 'internal_server_error',
  unavailable: 'service_unavailable',
} as const satisfies Readonly<Record<RefusalKind, keyof typeof LAYER_ERRORS>>;

/** An error as Layer's clients read it. */
export interface LayerError {
  readonly id: string;
  readonly code: number;
  readonly message: string;
  readonly url: string;
  readonly data?: object;
}

/** Whatever goes wrong under `/layer` leaves as Layer's error object, also where no route was found or nothing was read. */
@Injectable()
export class LayerErrors extends ErrorDialect {
  speaks(request: Request): boolean {
    return isForLayer(request);
  }

  answer(refusal: Refusal | null, request: Request): ErrorAnswer {
    const layerRefusal = refusalFor(refusal, request);
    const { code, status } = LAYER_ERRORS[layerRefusal.id];
    return {
      status,
      body: presentLayerError(layerRefusal, docsOf(request)),
      // RFC 9110 wants to know how to say who one is.
      headers: code === LAYER_ERRORS.authentication_required.code ? { 'WWW-Authenticate': 'Layer' } : {},
    };
  }
}

/** What the HTTP parser says of a request of which it could not read the rest. */
export function brokenRequest(request: Request, refusal: Refusal): LayerError {
  return presentLayerError(toLayerRefusal(refusal), docsOf(request));
}

/** @param url where this dialect is described */
export function presentLayerError({ id, message, data }: LayerRefusal, url: string): LayerError {
  return { id, code: LAYER_ERRORS[id].code, message, url, ...(data ? { data } : {}) };
}

/** @param base where this dialect is mounted, as the caller sees it: `https://host/layer` */
export function docsUnder(base: string): string {
  return base.replace(/\/layer$/, DOCS);
}

/** The same refusal as Layer knows it; a fault of ours shows nothing of itself. */
export function toLayerRefusal(refusal: Refusal | null): LayerRefusal {
  if (refusal === null) {
    return new LayerRefusal('internal_server_error', 'Something went wrong. Please try again.');
  }
  if (refusal instanceof LayerRefusal) {
    return refusal;
  }
  if (refusal.details.errors) {
    return fieldRefusal(refusal.details.errors);
  }
  const data = refusal.kind === 'unsupported_media_type' ? { header: 'Content-Type' } : undefined;
  return new LayerRefusal(IDS[refusal.kind], refusal.message, data);
}

/** Layer names one property; the first that is wrong is as good as any. */
function fieldRefusal(errors: FieldErrors): LayerRefusal {
  const [property = 'body', [says = 'It is invalid.'] = []] = Object.entries(errors)[0] ?? [];
  return new LayerRefusal(says.endsWith(' is required.') ? 'missing_property' : 'invalid_property', says, { property });
}

function refusalFor(refusal: Refusal | null, request: Request): LayerRefusal {
  const isUnknown = refusal?.kind === 'not_found' && !(refusal instanceof LayerRefusal) && request.route === undefined;
  return isUnknown ? new LayerRefusal('invalid_endpoint', 'There is no such endpoint.') : toLayerRefusal(refusal);
}

function docsOf(request: Request): string {
  return linkBaseOf(request) + DOCS;
}
