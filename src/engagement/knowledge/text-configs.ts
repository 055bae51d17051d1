/** The configurations of full-text search that every PostgreSQL has, by language. */
const CONFIGS: Readonly<Record<string, string>> = {
  ...{ ar: 'arabic', hy: 'armenian', eu: 'basque', ca: 'catalan', da: 'danish', nl: 'dutch', en: 'english' },
  ...{ fi: 'finnish', fr: 'french', de: 'german', el: 'greek', hi: 'hindi', hu: 'hungarian', id: 'indonesian' },
  ...{ ga: 'irish', it: 'italian', lt: 'lithuanian', ne: 'nepali', nb: 'norwegian', nn: 'norwegian', no: 'norwegian' },
  ...{ pt: 'portuguese', ro: 'romanian', ru: 'russian', sr: 'serbian', es: 'spanish', sv: 'swedish', ta: 'tamil' },
  ...{ tr: 'turkish', yi: 'yiddish' },
};

/** The one for a language such as `en` or `pt-BR`: words are then found in each of their forms. Else as they are written. */
export function textConfigOf(language: string | null): string {
  const name = language?.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(CONFIGS, name) ? CONFIGS[name]! : 'simple';
}
