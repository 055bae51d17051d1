import { describe, expect, it } from '@jest/globals';
import { automaticKind, type Envelope } from './automatic-mail.js';
import { MailHeaders } from './mail-headers.js';

function kindOf(headers: Record<string, string>, envelope: Partial<Envelope> = {}): string {
  const list = Object.entries(headers).map(([name, value]) => ({ key: name.toLowerCase(), originalKey: name, value }));
  return automaticKind(new MailHeaders(list), {
    ...{ returnPath: null, from: 'anna@example.org', contentType: 'text/plain' },
    ...envelope,
  });
}

describe('who wrote a mail', () => {
  it.each([
    [{}, 'none'],
    [{ 'Auto-Submitted': 'no' }, 'none'],
    [{ 'Auto-Submitted': 'No (I typed it)' }, 'none'],
    [{ Precedence: 'first-class' }, 'none'],
    [{ 'X-Autoreply': 'no' }, 'none'],
    [{ 'Auto-Submitted': 'auto-generated' }, 'generated'],
    [{ 'Auto-Submitted': 'auto-replied (vacation)' }, 'replied'],
    [{ 'Auto-Submitted': 'auto-notified; owner-email="x"' }, 'generated'],
    [{ Precedence: 'Bulk' }, 'generated'],
    [{ Precedence: 'junk' }, 'generated'],
    [{ Precedence: 'auto_reply' }, 'replied'],
    [{ Precedence: 'list' }, 'list'],
    [{ 'List-Id': '<x.example.org>' }, 'list'],
    [{ 'X-Auto-Response-Suppress': 'OOF' }, 'generated'],
    [{ 'X-Autoreply': 'yes' }, 'replied'],
    [{ 'X-Autorespond': 'Away' }, 'replied'],
  ])('%j: %s', (headers, kind) => {
    expect(kindOf(headers as Record<string, string>)).toBe(kind);
  });

  it.each([
    [{ returnPath: '' }, 'generated'],
    [{ returnPath: 'anna@example.org' }, 'none'],
    [{ from: 'MAILER-DAEMON@example.org' }, 'generated'],
    [{ from: 'postmaster@example.org' }, 'generated'],
    [{ from: 'no-reply@example.org' }, 'generated'],
    [{ from: 'noreply+12@example.org' }, 'generated'],
    [{ from: 'do-not-reply@example.org' }, 'generated'],
    [{ from: 'noreplying@example.org' }, 'none'],
    [{ from: null }, 'none'],
    [{ contentType: 'multipart/report; report-type=delivery-status; boundary=x' }, 'bounce'],
    [{ contentType: 'multipart/report;\r\n\treport-type="delivery-status"' }, 'bounce'],
    [{ contentType: 'multipart/report; report-type=disposition-notification' }, 'replied'],
  ])('%j: %s', (envelope, kind) => {
    expect(kindOf({}, envelope)).toBe(kind);
  });
});
