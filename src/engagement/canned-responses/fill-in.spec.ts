import { describe, expect, it } from '@jest/globals';
import { fillIn } from './fill-in.js';

const anna = { first_name: 'Anna', last_name: null, company: '', email: 'anna@example.com' };

describe('fillIn', () => {
  it.each([
    ['Hi {{first_name}}', 'Hi Anna'],
    ['Hi {{ first_name }}, {{first_name|there}}', 'Hi Anna, Anna'],
    ['Dear {{last_name|customer}} of {{company|your company}}', 'Dear customer of your company'],
    ['{{last_name}}{{nobody_knows}}{{__proto__}}{{constructor|x}}', 'x'],
    ['{{First}} {{a b}} {first_name} {{{first_name}}} {{', '{{First}} {{a b}} {first_name} {Anna} {{'],
  ])('of %j is %j', (content, said) => expect(fillIn(content, anna)).toBe(said));

  it('fills in nothing twice', () => {
    expect(fillIn('{{first_name}}', { first_name: '{{email}}', email: 'a@b.c' })).toBe('{{email}}');
  });

  it('escapes a value where the text is HTML, and only there', () => {
    const values = { first_name: `<img src=x onerror="a('&')">` };
    expect(fillIn('<p>{{first_name}}</p>', values)).toBe(
      '<p>&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;</p>',
    );
    expect(fillIn('2 < 3, {{first_name}}', values)).toBe(`2 < 3, ${values.first_name}`);
  });
});
