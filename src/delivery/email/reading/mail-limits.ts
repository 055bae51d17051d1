/** What is read of a mail; one beyond it is kept whole, and shown as one that could not be read. */
export const MAIL_LIMITS = {
  rawBytes: 25 * 1024 * 1024,
  headerBytes: 64 * 1024,
  parts: 100,
  depth: 20,
  attachmentNameCharacters: 200,
  subjectCharacters: 500,
  addresses: 100,
  references: 20,
  /** A Message-ID is one line of a mail, which has no more. */
  messageIdCharacters: 998,
  contentCharacters: 16_000,
  textCharacters: 512 * 1024,
  htmlCharacters: 512 * 1024,
  /** Beyond it only the text is kept: to make it safe would take too long. */
  readHtmlCharacters: 2 * 1024 * 1024,
} as const;
