/** A template is none, or says what it must not. */
export class TemplateFault extends Error {
  /** @param says as what follows the name of a field: `has …` */
  constructor(readonly says: string) {
    super(`The template ${says}`);
  }
}

export function faultAt(source: string, at: number, says: string): TemplateFault {
  const before = source.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return new TemplateFault(`${says} at line ${line}, column ${column}.`);
}
