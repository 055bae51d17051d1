import { describe, expect, it } from '@jest/globals';
import { bounceClass, readBounce } from './bounce-report.js';

describe('what a bounce means', () => {
  it.each([
    ['failed', '5.1.1', 'gone'],
    ['failed', '5.1.2', 'gone'],
    ['failed', '5.1.10', 'gone'],
    ['failed', '5.2.1', 'gone'],
    ['failed', '5.4.4', 'gone'],
    ['failed', '5.2.2', 'failed'],
    ['failed', '5.7.1', 'failed'],
    ['failed', '5.0.0', 'failed'],
    ['failed', '5.11.1', 'failed'],
    ['failed', null, 'failed'],
    ['failed', '4.4.1', 'delayed'],
    ['delayed', '4.4.7', 'delayed'],
    ['delayed', null, 'delayed'],
    ['delivered', '2.0.0', 'none'],
    ['relayed', '2.0.0', 'none'],
    ['expanded', '2.0.0', 'none'],
    ['', '5.1.1', 'none'],
  ] as const)('%s %s: %s', (action, status, expected) => {
    expect(bounceClass({ action, status })).toBe(expected);
  });
});

describe('reading a delivery status', () => {
  it('names each recipient', () => {
    const status = [
      'Reporting-MTA: dns; mx.example.net',
      '',
      'Final-Recipient: RFC822; A@example.net',
      'Action: Failed (really)',
      'Status: 5.1.1 (no such user)',
      '',
      'Final-Recipient: rfc822;b@example.net',
      'Action: delivered',
      'Status: 2.0.0',
    ].join('\r\n');
    expect(readBounce(status, null)).toEqual({
      originalMessageId: null,
      recipients: [
        { address: 'a@example.net', action: 'failed', status: '5.1.1', diagnostic: null },
        { address: 'b@example.net', action: 'delivered', status: '2.0.0', diagnostic: null },
      ],
    });
  });

  it('takes the Message-ID of the original from its headers only', () => {
    expect(readBounce('', 'Subject: x\n\nMessage-ID: <forged@shop.example>\n').originalMessageId).toBeNull();
  });

  it('reads no more recipients than are kept', () => {
    expect(readBounce('a: b\n\n' + 'Action: failed\n\n'.repeat(1_000), null).recipients).toHaveLength(20);
  });
});
