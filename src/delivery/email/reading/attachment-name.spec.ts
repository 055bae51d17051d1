import { describe, expect, it } from '@jest/globals';
import { attachmentName } from './attachment-name.js';

describe('the name of an attachment', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\anna\\brief.docx', 'brief.docx'],
    ['a\u0000b\r\nc.txt', 'ab c.txt'],
    ['invoice\u202Efdp.exe', 'invoice fdp.exe'],
    ['.htaccess', 'htaccess'],
    ['what? *is* "it".txt', 'what_ _is_ _it_.txt'],
    ['   ', 'attachment'],
    ['..', 'attachment'],
    ['日本語.pdf', '日本語.pdf'],
    [null, 'attachment'],
  ])('%j is %j', (said, name) => {
    expect(attachmentName(said, 'application/pdf')).toBe(name);
  });

  it('keeps its ending when it is cut', () => {
    const name = attachmentName(`${'ä'.repeat(400)}.pdf`, 'application/pdf');
    expect(name).toHaveLength(200);
    expect(name.endsWith('ä.pdf')).toBe(true);
  });

  it('says what a part without a name is', () => {
    expect(attachmentName(null, 'message/rfc822')).toBe('mail.eml');
  });
});
