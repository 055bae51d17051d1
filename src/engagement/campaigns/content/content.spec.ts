import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import { checkContent, freezeContent, type Content } from './content.js';
import { MailTexts, type MailUrls } from './mail-texts.js';

const EMPTY: Content = { subject: 'Hi', previewText: null, html: null, text: null };
const ALL = { tracksOpens: true, tracksClicks: true };
const NONE = { tracksOpens: false, tracksClicks: false };
const URLS: MailUrls = {
  unsubscribe: 'https://p.example/u/T',
  open: 'https://p.example/t/o/T.gif',
  click: (link) => `https://p.example/t/c/${link}`,
};
const anna = new Map([
  ...([
    ['first_name', 'Anna & Bert'],
    ['email', 'anna@example.com'],
    ['workspace.name', 'Acme'],
  ] as const),
]);

const faultsOf = (content: Partial<Content>): Readonly<Record<string, readonly string[]>> => {
  try {
    checkContent({ ...EMPTY, ...content });
    return {};
  } catch (error) {
    return (error as InvalidInput).details.errors!;
  }
};
const composed = (content: Partial<Content>, tracking = ALL, values: ReadonlyMap<string, string> = anna) => {
  checkContent({ ...EMPTY, ...content });
  return new MailTexts(freezeContent({ ...EMPTY, ...content }, tracking)).compose(values, URLS);
};
const bodyOf = (html: string): string => /<body>(.*)<\/body>/s.exec(html)![1]!;

describe('What a campaign says', () => {
  it('is told as it is meant, with its links, its pixel and a way out', () => {
    const html = '<p>Hi {{first_name|you}}</p><a href="https://shop.example/?to={{email}}">Shop</a>';
    const mail = composed({ subject: 'For {{first_name}}', previewText: 'New: {{first_name}}', html });
    expect(mail.subject).toBe('For Anna & Bert');
    expect(bodyOf(mail.html)).toBe(
      [
        '<div style="display:none;max-height:0;overflow:hidden"><p>New: Anna &amp; Bert</p></div>',
        '<p>Hi Anna &amp; Bert</p><a href="https://p.example/t/c/1">Shop</a>',
        '<p style="font-size:12px;color:#666666;text-align:center">Acme · <a href="https://p.example/u/T">Unsubscribe</a></p>',
        '<img src="https://p.example/t/o/T.gif" width="1" height="1" alt="" />',
      ].join(''),
    );
    expect(mail.text).toBe(
      'Hi Anna & Bert\n\nShop <https://shop.example/?to=anna%40example.com>\n\n-- \nAcme\nUnsubscribe: https://p.example/u/T\n',
    );
  });

  it('follows nobody where nobody is to be followed', () => {
    const html = '<a href="https://shop.example/{{first_name}}?a=1&amp;b=2">{{email}}</a>{{unsubscribe_url}}';
    expect(bodyOf(composed({ html }, NONE).html)).toBe(
      '<a href="https://shop.example/Anna%20%26%20Bert?a=1&amp;b=2">anna@example.com</a>https://p.example/u/T',
    );
    expect(freezeContent({ ...EMPTY, html }, NONE).links).toEqual([]);
  });

  it('numbers a link once, however often it stands there', () => {
    const link = (url: string): string => `<a href="${url}">x</a>`;
    const html = ['https://a.example/', 'https://b.example/?x={{email}}&y', ' https://a.example/ '].map(link).join('');
    const { links, html: frozen } = freezeContent({ ...EMPTY, html }, ALL);
    expect(links).toEqual(['https://a.example/', 'https://b.example/?x={{email}}&y']);
    expect(frozen.match(/\{\{link\.\d\}\}/g)).toEqual(['{{link.1}}', '{{link.2}}', '{{link.1}}']);
  });

  it.each<[string, string, boolean]>([
    ['in a link', '<a href="{{ unsubscribe_url }}">Bye</a>', false],
    ['in words', 'Bye: {{unsubscribe_url}}', false],
    ['only where something is known', '{{#company}}<a href="{{unsubscribe_url}}">Bye</a>{{/company}}', true],
    ['nowhere', 'Hi', true],
  ])('has a way out of its own %s', (_, html, isAdded) => {
    const mail = composed({ html });
    expect([mail.html.includes('>Unsubscribe</a>'), mail.text.includes('Unsubscribe: https')]).toEqual([
      isAdded,
      isAdded,
    ]);
  });

  it('is made of text alone where there is no HTML, and keeps its own text where there is', () => {
    expect(bodyOf(composed({ text: 'Hi <{{first_name}}>\nthere' }).html)).toContain(
      '<p>Hi &lt;Anna &amp; Bert&gt;<br />\nthere</p>',
    );
    expect(composed({ html: '<b>Hi</b>', text: 'Own {{unsubscribe_url}}' }).text).toBe('Own https://p.example/u/T');
  });

  it('keeps styles and images of other servers, and nothing that runs', () => {
    const html = [
      '<html><head><title>x</title><style>.a{color:red}</style><base href="https://evil.example/"><meta http-equiv="refresh" content="0"></head>',
      '<body style="color:#333" onload="x()"><form action="https://evil.example"><p class="a" id="b" onclick="x()">Hi</p></form><script>x()</script>',
      '<img src="https://img.example/{{first_name}}.png" alt="{{first_name}}"><img src="data:image/png;base64,AA"><iframe src="https://x.example"></iframe></body></html>',
    ].join('');
    expect(bodyOf(composed({ html }, NONE).html)).toContain(
      '<style>.a{color:red}</style><div style="color:#333"><p class="a" id="b">Hi</p><img alt="Anna &amp; Bert" src="https://img.example/Anna%20%26%20Bert.png" /><img /></div>',
    );
  });

  it.each([
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,x',
    '//evil.example/',
    '/path',
    '#top',
    'https://',
    'https://{{custom.host}}/',
    'https://shop.example{{custom.host}}/',
    'https://shop.example\\@{{custom.host}}/',
    'https://user:pw@shop.example/',
    '{{custom.url}}',
    'https://shop.example/#{{email}}',
    'ht{{email}}tps://shop.example/',
    'mailto:{{email}}',
  ])('leads nowhere by %j', (href) => {
    const [says] = faultsOf({ html: `<p>Hi</p><a href="${href}">x</a>` }).html_body ?? [];
    expect(says).toMatch(
      /^The html_body field has a link (that is no address of the web|with a placeholder elsewhere)/,
    );
  });

  it('may lead to a mailbox or a phone', () => {
    expect(faultsOf({ html: '<a href="mailto:a@shop.example">x</a><a href="tel:+491">x</a>' })).toEqual({});
  });

  it('has five hundred links and no more', () => {
    const links = (many: number): string =>
      Array.from({ length: many }, (_, at) => `<a href="https://a.example/${at}">x</a>`).join('');
    expect(faultsOf({ html: links(500) })).toEqual({});
    expect(faultsOf({ html: links(501) })).toEqual({
      html_body: ['The html_body field must not have more than 500 links.'],
    });
  });

  it('is refused field by field, with the place', () => {
    const content = { subject: '{{first_name', previewText: '{{nope}}', html: 'a\n{{{email}}}', text: '{{#email}}' };
    expect(faultsOf(content)).toEqual({
      subject: [
        'The subject field has a placeholder without an end, or of more than 300 characters, at line 1, column 1.',
      ],
      preview_text: ['The preview_text field has the unknown placeholder “nope” at line 1, column 1.'],
      html_body: ['The html_body field has a placeholder of a kind that is not allowed at line 2, column 1.'],
      text_body: ['The text_body field leaves a condition open at line 1, column 11.'],
    });
  });

  // Each would leave an attribute of its quotes, for those of whom something is not known.
  it.each([
    '<p title="{{#company}}">{{/company}}" onmouseover="x()" y="</p>',
    '{{#company}}<p title="{{/company}}" class="a">x</p>',
    '<p title="{{first_name|">x}}</p>',
    '<b>{{first_name|</b><i title="}}">x</i>',
    '<style>.a{color:{{custom.color}}}</style>',
    '<script>{{#company}}</script>a{{/company}}',
    '<a href="https://a.example/{{#company}}">x</a>{{/company}}',
  ])('may not be %j', (html) => {
    expect(Object.keys(faultsOf({ html }))).toEqual(['html_body']);
  });

  it('says nothing of a contact as more than text', () => {
    const mallory = new Map([['first_name', `<img src=x onerror="a()">"' {{email}}\r\nBcc: x@y.z`]]);
    const html = '<p title="{{first_name}}">{{first_name}}</p><a href="https://a.example/{{first_name}}">x</a>';
    const mail = composed({ subject: '{{first_name}}', html }, NONE, mallory);
    expect(mail.subject).toBe(`<img src=x onerror="a()">"' {{email}} Bcc: x@y.z`);
    const said = '&lt;img src=x onerror=&quot;a()&quot;&gt;&quot;&#39; {{email}}\r\nBcc: x@y.z';
    expect(mail.html).toContain(`<p title="${said}">${said}</p><a href="https://a.example/%3Cimg%20src`);
    expect(mail.html).not.toContain('anna@example.com');
  });
});
