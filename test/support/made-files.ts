import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

interface Entry {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** As its directory says, where that is a lie. */
  readonly saysSize?: number;
  /** What it is packed in, where that is made apart. */
  readonly packed?: Buffer;
  readonly isEncrypted?: boolean;
}

/** An archive as its entries say, be it right or wrong. */
export function zipOf(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, saysSize, packed = deflateRawSync(bytes), isEncrypted = false } of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isEncrypted ? 1 : 0, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(saysSize ?? Buffer.byteLength(bytes), 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const file = Buffer.concat([Buffer.from('504b0304', 'hex'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, rest, Buffer.from(name)]));
    files.push(file);
    offset += file.length;
  }
  const entriesOf = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(Math.min(entries.length, 65_535), 8);
  end.writeUInt16LE(Math.min(entries.length, 65_535), 10);
  end.writeUInt32LE(entriesOf.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, entriesOf, end]);
}

const TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`;
const RELATIONS = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`;

export function wordXml(paragraphs: readonly string[], before = ''): string {
  const body = paragraphs.map((one) => `<w:p><w:r><w:t xml:space="preserve">${one}</w:t></w:r></w:p>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>${before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;
}

/** A document of Word, and whatever else is to be in its archive. */
export function docxOf(paragraphs: readonly string[], further: readonly Entry[] = [], before = ''): Buffer {
  return zipOf([
    { name: '[Content_Types].xml', bytes: TYPES },
    { name: '_rels/.rels', bytes: RELATIONS },
    { name: 'word/document.xml', bytes: wordXml(paragraphs, before) },
    ...further,
  ]);
}

/** A PDF of numbered objects, the first of which is its catalogue. */
export function pdfOfObjects(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const places: number[] = [];
  let length = parts[0]!.length;
  objects.forEach((object, at) => {
    const bytes = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]);
    places.push(length);
    length += bytes.length;
    parts.push(bytes);
  });
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}`;
  parts.push(Buffer.from(`${table}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${length}\n%%EOF`));
  return Buffer.concat(parts);
}

export function streamOf(bytes: Buffer | string, dictionary = ''): Buffer {
  const packed = deflateSync(bytes);
  const head = `<</Length ${packed.length}/Filter/FlateDecode${dictionary}>>\nstream\n`;
  return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream')]);
}

/** A PDF of these pages, in any script: each character is its UTF-16, as the font says. */
export function pdfOf(pages: readonly string[]): Buffer {
  const bytes = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, '0'));
  const ranges = bytes.map((high) => `1 beginbfrange <${high}00> <${high}ff> <${high}00> endbfrange`).join('\n');
  const unicode = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
${ranges}
endcmap end end`;
  const kids = pages.map((_, at) => `${7 + at * 2} 0 R`).join(' ');
  return pdfOfObjects([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`,
    '<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>',
    '<</Type/Font/Subtype/CIDFontType2/BaseFont/Any/FontDescriptor 6 0 R/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>',
    streamOf(unicode),
    '<</Type/FontDescriptor/FontName/Any/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>',
    ...pages.flatMap((text, at) => {
      const lines = text.split('\n').map((line) => {
        const codes = Buffer.from(line, 'utf16le').swap16().toString('hex');
        return `<${codes}> Tj 0 -20 Td`;
      });
      return [
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents ${8 + at * 2} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`,
        streamOf(`BT /F1 12 Tf 20 700 Td ${lines.join(' ')} ET`),
      ];
    }),
  ]);
}
