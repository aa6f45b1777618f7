/** A tar archive (POSIX ustar) of regular files with short names. */

const BLOCK = 512;

export function archive(files: Iterable<[name: string, bytes: Uint8Array<ArrayBuffer>]>): Blob {
  const parts: BlobPart[] = [];
  for (const [name, bytes] of files) {
    parts.push(header(name, bytes.length), bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Blob(parts, { type: "application/x-tar" });
}

function header(name: string, size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const put = (place: number, text: string): void => block.set(new TextEncoder().encode(text), place);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
  if (new TextEncoder().encode(name).length > 100) throw new RangeError("a name in an archive has at most 100 bytes");
  put(0, name);
  put(100, octal(0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(0, 11));
  // The sum is made as if its own eight bytes were spaces.
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\0" + "00");
  put(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return block;
}
