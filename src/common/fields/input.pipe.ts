import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { InvalidInput } from '../errors/refusal.js';
import { fieldsOf, readSentence, type Field } from './field.js';

type Dto = new () => object;

/**
 * Turns a body or a query string into its DTO, or says what is wrong with each field. Not by class-transformer: it recurses
 * into whatever it is given, drops keys of metadata, and fails on a value that holds a key named "constructor".
 */
@Injectable()
export class InputPipe implements PipeTransform {
  private readonly shapes = new Map<unknown, Map<string, Field>>();

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' && type !== 'query') {
      return value;
    }
    if (Array.isArray(value)) {
      throw new InvalidInput({ body: ['The body must be a JSON object.'] });
    }
    return this.read(metatype as Dto, value as Record<string, unknown>, type);
  }

  private read(dto: Dto, value: Record<string, unknown>, type: 'body' | 'query'): object {
    const fields = this.shape(dto);
    // Without a prototype: in a plain object, naming a field "__proto__" would set it and leave no error behind.
    const errors = Object.create(null) as Record<string, string[]>;
    const instance = new dto() as Record<string, unknown>;
    for (const name of Object.keys(value)) {
      const field = fields.get(name);
      if (!field) {
        errors[name] = [`The ${name} field is not known.`];
      } else if (type === 'query' && Array.isArray(value[name])) {
        errors[name] = [`The ${name} field was given more than once.`];
      } else {
        instance[field.property] = field.read(value[name]);
      }
    }
    for (const { constraints } of validateSync(instance, { forbidUnknownValues: false })) {
      const [path, says] = readSentence(constraints?.field ?? '');
      // What was already said of a field (given twice) explains why it is missing now.
      errors[path] ??= [says];
    }
    if (Object.keys(errors).length > 0) {
      throw new InvalidInput(errors);
    }
    return instance;
  }

  private shape(dto: Dto): Map<string, Field> {
    const known = this.shapes.get(dto) ?? fieldsOf(dto);
    this.shapes.set(dto, known);
    return known;
  }
}
