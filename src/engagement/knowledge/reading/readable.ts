/** What can be read, by what it is. */
export type ReadableKind = 'pdf' | 'docx' | 'plain' | 'page';

export interface ToRead {
  readonly kind: ReadableKind;
  readonly bytes: Uint8Array;
  /** Of a page: what its server says of its characters, and where it was found. */
  readonly charset?: string | null;
  readonly url?: string;
}

/** What was read. Of a page, what it is called and in which language it is, where it says so. */
export interface ReadText {
  readonly text: string;
  readonly title: string | null;
  readonly language: string | null;
}
