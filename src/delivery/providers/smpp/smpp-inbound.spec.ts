import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import smpp from 'smpp';
import { bodyOf, readInbound, textOf } from './smpp-inbound.js';
import { readReceipt } from './smpp-receipt.js';

/** As it comes off the wire. */
function received(fields: object): InstanceType<typeof smpp.PDU> {
  return new smpp.PDU(
    new smpp.PDU('deliver_sm', { source_addr: '14155552671', source_addr_ton: 1, ...fields }).toBuffer(),
  );
}
const read = (fields: object): ReturnType<typeof readInbound> => readInbound(received(fields));

describe('What a phone sends by SMPP', () => {
  it('has numbers with a plus, where they are international', () => {
    const numbers = (source_addr: string, source_addr_ton: number): string | undefined =>
      read({ source_addr, source_addr_ton })?.from;
    expect(numbers('14155552671', 1)).toBe('+14155552671');
    expect(numbers('14155552671', 0)).toBe('+14155552671');
    expect(numbers('0415555267', 2)).toBe('0415555267');
    expect(numbers('12345', 0)).toBe('12345');
    expect(numbers('Acme', 5)).toBe('Acme');
    expect(read({ destination_addr: '15005550006', dest_addr_ton: 1 })?.to).toBe('+15005550006');
  });

  it('is read in the alphabets of phones', () => {
    const text = (data_coding: number, bytes: readonly number[]): string | undefined =>
      read({ data_coding, short_message: Buffer.from(bytes) })?.text;
    expect(text(0, [0x00, 0x20, 0x1b, 0x65])).toBe('@ €');
    expect(text(1, [0x40, 0x24, 0x5b])).toBe('@$[');
    expect(text(3, [0xe9])).toBe('é');
    expect(text(6, [0xd6])).toBe('ж');
    expect(text(7, [0xe0])).toBe('א');
    expect(text(8, [0xd8, 0x3d, 0xde, 0x42])).toBe('🙂');
    expect(text(4, [1, 2, 3])).toBeUndefined();
  });

  it('may stand in the payload', () => {
    expect(read({ data_coding: 8, message_payload: Buffer.from([0x04, 0x36]) })?.text).toBe('ж');
  });

  it('tells which part of how many it is', () => {
    const part = (udh: readonly number[]): unknown =>
      read({ short_message: { udh: Buffer.from(udh), message: Buffer.from('a') } })?.part;
    expect(part([5, 0, 3, 7, 2, 1])).toEqual({ reference: 7, total: 2, number: 1 });
    expect(part([6, 8, 4, 1, 0, 3, 2])).toEqual({ reference: 256, total: 3, number: 2 });
    expect(part([9, 0x24, 1, 0, 0, 3, 7, 2, 2, 0])).toEqual({ reference: 7, total: 2, number: 2 });
    expect(part([5, 0, 3, 7, 2, 3])).toBeNull();
    expect(part([5, 0, 3, 7, 1, 1])).toBeNull();
    const sar = { sar_msg_ref_num: 9, sar_total_segments: 2, sar_segment_seqnum: 2 };
    expect(read({ short_message: Buffer.from('a'), ...sar })?.part).toEqual({ reference: 9, total: 2, number: 2 });
  });

  it('keeps half a character whose other half is in the next part', () => {
    expect(read({ data_coding: 8, short_message: Buffer.from([0xd8, 0x3d]) })?.text).toBe('\ud83d');
  });

  it('is read or refused, whatever bytes come', () => {
    const whole = new smpp.PDU('deliver_sm', {
      ...{ source_addr: '14155552671', destination_addr: '1', receipted_message_id: '1', message_state: 2 },
      ...{ short_message: { udh: Buffer.from([5, 0, 3, 7, 2, 1]), message: Buffer.from('id:1 stat:DELIVRD') } },
    }).toBuffer();
    let readable = 0;
    for (let run = 0; run < 5_000; run += 1) {
      const bytes = Buffer.from(whole);
      for (const at of randomBytes(1 + (run % 4))) {
        bytes[16 + (at % (bytes.length - 16))] = randomBytes(1)[0]!;
      }
      let pdu: InstanceType<typeof smpp.PDU>;
      try {
        pdu = new smpp.PDU(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        continue;
      }
      readable += 1;
      const inbound = readInbound(pdu);
      expect(typeof (inbound?.text ?? '')).toBe('string');
      readReceipt(pdu, textOf(bodyOf(pdu), pdu['data_coding']) ?? '');
    }
    expect(readable).toBeGreaterThan(100);
  });
});
