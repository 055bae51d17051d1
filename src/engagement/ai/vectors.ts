const BYTES = 4;

/** A vector as it is kept: floats of 32 bits, the lowest first. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

export function floatsIn(bytes: Buffer): Float32Array {
  // Floats begin where a number of bytes that four divides stands before them: else a copy does.
  const from = bytes.byteOffset % BYTES === 0 ? bytes : new Uint8Array(bytes);
  return new Float32Array(from.buffer, from.byteOffset, Math.floor(bytes.length / BYTES));
}
