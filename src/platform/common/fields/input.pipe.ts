import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { readInput } from './read-input.js';

/** Turns each body and each query string into the DTO that its handler names. */
@Injectable()
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    return type === 'body' || type === 'query' ? readInput(metatype as new () => object, value, type) : value;
  }
}
