import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CAMPAIGN_NAMES, REPLY_NAMES } from './known-names.js';
import { faultIn, Template, type Format } from './template.js';
import { TemplateFault } from './template-fault.js';

const anna = new Map([
  ...([
    ['first_name', 'Anna'],
    ['company', ''],
    ['email', 'anna@example.com'],
    ['custom.plan', 'gold & more'],
  ] as const),
]);
const said = (source: string, values: ReadonlyMap<string, string> = anna, format: Format = 'text'): string =>
  Template.of(source, CAMPAIGN_NAMES).render(values, format);

describe('A template', () => {
  it.each([
    ['', ''],
    ['Hi', 'Hi'],
    ['Hi {{first_name}}', 'Hi Anna'],
    ['Hi {{ first_name }}, {{first_name|there}}', 'Hi Anna, Anna'],
    ['Dear {{last_name|customer}} of {{company|your company}}{{city}}', 'Dear customer of your company'],
    ['{{contact.first_name}} {{contact.custom.plan}} {{custom.other|a|b}}', 'Anna gold & more a|b'],
    ['{{#first_name}}Hi {{first_name}}{{/first_name}}{{^first_name}}Hi{{/first_name}}', 'Hi Anna'],
    ['{{#company}}{{first_name}}{{/company}}{{^company}}no company{{/company}}', 'no company'],
    ['{{#first_name}}{{^company}}{{#email}}deep{{/email}}{{/company}}{{/first_name}}', 'deep'],
    ['{first_name} }} } {', '{first_name} }} } {'],
    ['a\n  {{#first_name}}  \nb\n{{/first_name}}\nc {{first_name}}\n', 'a\nb\nc Anna\n'],
    ['a {{#first_name}}\nb{{/first_name}}', 'a \nb'],
    ['\u{e000}{{first_name}}\u{e000}x', '\u{e000}Anna\u{e000}x'],
  ])('%j says %j', (source, text) => expect(said(source)).toBe(text));

  it.each([
    [
      "{{constructor.constructor('x')()}}",
      "has the unknown placeholder “constructor.constructor('x')()” at line 1, column 1.",
    ],
    ['a\nb {{__proto__}}', 'has the unknown placeholder “__proto__” at line 2, column 3.'],
    ['{{toString}}', 'has the unknown placeholder “toString” at line 1, column 1.'],
    ['{{agent.name}}', 'has the unknown placeholder “agent.name” at line 1, column 1.'],
    ['{{%first_name}}', 'has the unknown placeholder “%first_name” at line 1, column 1.'],
    ['{{}}', 'has the unknown placeholder “” at line 1, column 1.'],
    ['{{.}}', 'has the unknown placeholder “.” at line 1, column 1.'],
    ['{{#first_name}}{{nope}}{{/first_name}}', 'has the unknown placeholder “nope” at line 1, column 16.'],
    ['{{{first_name}}}', 'has a placeholder of a kind that is not allowed at line 1, column 1.'],
    ['a{{&first_name}}', 'has a placeholder of a kind that is not allowed at line 1, column 2.'],
    ['{{>first_name}}', 'has a placeholder of a kind that is not allowed at line 1, column 1.'],
    ['{{=<% %>=}}<%first_name%>', 'has a placeholder of a kind that is not allowed at line 1, column 1.'],
    ['{{! a }}', 'has a placeholder of a kind that is not allowed at line 1, column 1.'],
    ['\n{{ first_name', 'has a placeholder without an end, or of more than 300 characters, at line 2, column 1.'],
    [
      '{{first_name {{email}}',
      'has a placeholder without an end, or of more than 300 characters, at line 1, column 1.',
    ],
    ['{{#first_name}}a', 'leaves a condition open at line 1, column 17.'],
    ['{{#first_name}}{{^email}}{{/first_name}}', 'leaves a condition open at line 1, column 26.'],
    ['a{{/first_name}}', 'ends a condition that did not begin at line 1, column 2.'],
    [
      '{{#name}}{{#name}}{{#name}}{{#name}}{{/name}}{{/name}}{{/name}}{{/name}}',
      'nests conditions deeper than 3 at line 1, column 28.',
    ],
  ])('is not %j', (source, says) => expect(faultIn(source, CAMPAIGN_NAMES)).toBe(says));

  it('knows the names of where it is said', () => {
    expect([faultIn('{{agent.name}}', REPLY_NAMES), faultIn('{{unsubscribe_url}}', REPLY_NAMES)]).toEqual([
      ...[null, 'has the unknown placeholder “unsubscribe_url” at line 1, column 1.'],
    ]);
  });

  it('says nothing twice, and nothing of a value as more than text', () => {
    const mallory = new Map([['first_name', `{{email}}<img src=x onerror="a('&')">\r\nBcc: x@y.z`]]);
    expect(said('{{first_name}}', mallory)).toBe(mallory.get('first_name'));
    expect(said('<p>{{first_name}}</p>', mallory, 'html')).toBe(
      '<p>{{email}}&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;\r\nBcc: x@y.z</p>',
    );
    expect(said(' Hi {{first_name}}\n!', mallory, 'line')).toBe(
      `Hi {{email}}<img src=x onerror="a('&')"> Bcc: x@y.z !`,
    );
    expect(said('https://x.example/{{first_name}}', new Map([['first_name', `a/b?c&'ü\u0000`]]), 'url')).toBe(
      'https://x.example/a%2Fb%3Fc%26%27%C3%BC',
    );
  });

  it('is cut where a value is long, and refused where all of it is', () => {
    expect(said('{{first_name}}', new Map([['first_name', 'x'.repeat(5_000)]]))).toBe('x'.repeat(1_000));
    const long = new Map([['first_name', 'x'.repeat(1_000)]]);
    expect(() => said('{{first_name}}'.repeat(1_049), long)).toThrow(new TemplateFault('becomes greater than 1 MB.'));
    expect(said('{{first_name}}'.repeat(1_048), long)).toHaveLength(1_048_000);
  });

  it('never says a name, and any text as it is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((one) => !one.includes('{'));
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((one) => !one.includes('\0'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 8 }), value, (texts, one) => {
        expect(said(texts.join('{{email}}'), new Map([['email', one]]))).toBe(texts.join(one));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['only opened', '{{ '.repeat(170 * 1024)],
    ['only braces', '{{'.repeat(256 * 1024)],
    ['one placeholder after the other', '{{first_name}}'.repeat(37_000)],
    ['blank after an opening', `{{first_name${' '.repeat(512 * 1024)}`],
    ['blank lines', `${' '.repeat(512 * 1024)}{{first_name}}`],
    ['openings in blank', `{{first_name${' '.repeat(900)}`.repeat(560)],
    ['conditions', '{{#first_name}}'.repeat(10_000)],
    ['closed conditions', '{{#first_name}}'.repeat(10_000) + '{{/first_name}}'.repeat(10_000)],
    ['text alone', 'a\n'.repeat(256 * 1024)],
  ])('takes no time for %s', (_, source) => {
    const begin = process.cpuUsage();
    faultIn(source, CAMPAIGN_NAMES);
    const { user, system } = process.cpuUsage(begin);
    // A machine that is busy is no slower by this; what is quadratic takes minutes.
    expect((user + system) / 1_000).toBeLessThan(10_000);
  });
});
