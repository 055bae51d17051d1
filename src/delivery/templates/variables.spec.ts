import { expect, it } from '@jest/globals';
import { fillIn, variablesIn } from './variables.js';

it.each([
  ['Hello', []],
  ['Hi {{name}}, {{ order_2 }} of {{name}}{{x}}', ['name', 'order_2', 'x']],
  ['{ {{a}} } and {b}', ['a']],
  ['{{constructor}}', ['constructor']],
  [`{{${'a'.repeat(64)}}}`, ['a'.repeat(64)]],
])('%j has %j', (text, names) => {
  expect(variablesIn(text)).toEqual(names);
});

it.each([
  ...[
    '{{',
    '}}',
    '{{}}',
    '{{ }}',
    '{{name',
    'name}}',
    '{{na me}}',
    '{{{name}}}',
    '{{name}}}',
    '{{{name}}',
    '{{{{name}}}}',
  ],
  ...['{{__proto__}}', '{{1st}}', '{{name|there}}', '{{#name}}', '{{>x}}', '{{&x}}', '{{=<% %>=}}', '{{a.b}}', '{{ñ}}'],
  `{{${'a'.repeat(65)}}}`,
  '{{ \n name}}',
  '{{'.repeat(800),
])('%j names something else', (text) => {
  expect(variablesIn(text)).toBeNull();
});

it('What a value says is not read again', () => {
  const values = new Map([
    ['a', '{{b}} $& $1 $$'],
    ['b', 'B'],
  ]);
  expect(fillIn('{{a}}{{b}} {{ a }}', values)).toBe('{{b}} $& $1 $$B {{b}} $& $1 $$');
});
