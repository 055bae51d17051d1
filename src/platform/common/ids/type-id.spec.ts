import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TypeID } from 'typeid-js';
import { formatId, ID_PREFIXES, parseId, type IdKind } from './type-id.js';

const kinds = Object.keys(ID_PREFIXES) as IdKind[];
const anyKind = fc.constantFrom(...kinds);

describe('TypeID', () => {
  it('writes what the reference implementation writes, and reads it back', () => {
    fc.assert(
      fc.property(anyKind, fc.uuid(), (kind, uuid) => {
        const id = formatId(kind, uuid);
        expect(id).toBe(TypeID.fromUUID(ID_PREFIXES[kind], uuid).toString());
        expect(parseId(kind, id)).toBe(uuid);
      }),
      { numRuns: 500 },
    );
  });

  it('takes the bare UUID too, in any case', () => {
    expect(parseId('customer', '01890A5D-AC96-774B-BCCE-B302099A8057')).toBe('01890a5d-ac96-774b-bcce-b302099a8057');
  });

  it.each([
    '',
    'cus_',
    'cus_01h455vb4pex5vsknk084sn02',
    'cus_01h455vb4pex5vsknk084sn02qq',
    'CUS_01h455vb4pex5vsknk084sn02q',
    'cus_01H455VB4PEX5VSKNK084SN02Q',
    'cus_81h455vb4pex5vsknk084sn02q',
    'cus_01h455vb4pex5vsknk084sn0iq',
    'ch_01h455vb4pex5vsknk084sn02q',
    '01890a5dac96774bbcceb302099a8057',
    'cus_\u000001h455vb4pex5vsknk084sn02',
  ])('reads nothing from %j', (text) => {
    expect(parseId('customer', text)).toBeNull();
  });
});
