import { describe, expect, it } from '@jest/globals';
import smpp from 'smpp';
import { idOfReceipt, idOfResponse, isReceipt, readReceipt } from './smpp-receipt.js';

const pdu = (fields: object = {}): InstanceType<typeof smpp.PDU> =>
  new smpp.PDU('deliver_sm', { esm_class: 4, ...fields });
const TEXT =
  'id:17f3 sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:DELIVRD err:000 text:id:9 stat:X';

describe('A receipt', () => {
  it('is told from a message by its class', () => {
    expect([0, 0x40, 0x03, 0x04, 0x44, 0x20, 0x08].map((esm_class) => isReceipt(pdu({ esm_class })))).toEqual([
      ...[false, false, false, true, true, true, false],
    ]);
  });

  it('is read by its text, whatever the person wrote', () => {
    expect(readReceipt(pdu(), TEXT)).toEqual({ messageId: '17f3', report: { status: 'delivered' } });
    expect(readReceipt(pdu(), 'id: 5 stat: undeliv err: 27')).toEqual({
      messageId: '5',
      report: { status: 'undelivered', errorCode: 'unreachable', providerCode: '27' },
    });
  });

  it('is read by its fields before its text', () => {
    const fields = { receipted_message_id: 'A1', message_state: 8, network_error_code: Buffer.from([3, 1, 2]) };
    expect(readReceipt(pdu(fields), TEXT)).toEqual({
      messageId: 'A1',
      report: { status: 'undelivered', errorCode: 'blocked', providerCode: '258' },
    });
  });

  it.each([
    ['ENROUTE', 'sending'],
    ['ACCEPTD', 'sending'],
    ['UNKNOWN', 'sent'],
    ['DELIVRD', 'delivered'],
    ['UNDELIV', 'undelivered'],
    ['EXPIRED', 'undelivered'],
    ['DELETED', 'undelivered'],
    ['REJECTD', 'undelivered'],
  ])('that says %s means %s', (state, status) => {
    expect(readReceipt(pdu(), `id:1 stat:${state}`)?.report.status).toBe(status);
  });

  it('says nothing without an id, or with a state that nobody knows', () => {
    expect(readReceipt(pdu(), 'stat:DELIVRD')).toBeNull();
    expect(readReceipt(pdu(), 'id:1 stat:constructor')).toBeNull();
    expect(readReceipt(pdu({ message_state: 200 }), 'id:1')).toBeNull();
    expect(readReceipt(pdu(), `id:${'9'.repeat(256)} stat:DELIVRD`)).toBeNull();
  });

  it('finds its message, in whichever format either writes the id', () => {
    const same = (dlrIdFormat: 'same' | 'hex' | 'dec', response: string, receipt: string): boolean =>
      idOfResponse(response, { dlrIdFormat }) === idOfReceipt(receipt, { dlrIdFormat });
    expect(same('same', 'abc-1', 'abc-1')).toBe(true);
    expect(same('dec', '00FF', '255')).toBe(true);
    expect(same('hex', '255', '0ff')).toBe(true);
    expect(same('dec', 'not-a-number', 'not-a-number')).toBe(true);
    expect(same('dec', '10', '10')).toBe(false);
  });
});
