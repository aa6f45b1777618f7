/** VER-39: the files of a record from an address. */

const TOGETHER = 6;
const ATTEMPTS = 4;
const FIRST_PAUSE = 250;

/** What the download needs of the record it fills. */
export interface Shelf {
  put(name: string, bytes: Uint8Array): void;
  files(log: number): string[];
  limit(name: string): number | undefined;
}

export class DownloadError extends Error {}

/** `before` gives a file that was read earlier: all but checkpoints have one content for ever (LOG-11). */
export async function download(
  base: string,
  shelf: Shelf,
  progress: (done: number, total: number) => void,
  before: (name: string) => Uint8Array | undefined,
): Promise<void> {
  const root = base.endsWith("/") ? base : `${base}/`;
  let done = 0;
  let total = 0;
  const take = async (name: string): Promise<boolean> => {
    const known = name.endsWith("checkpoint") ? undefined : before(name);
    const bytes = known ?? (await fetched(`${root}${name}`, shelf.limit(name) ?? 0));
    if (bytes !== null) shelf.put(name, bytes);
    return bytes !== null;
  };
  for (let log = 1; await take(checkpoint(log)); log += 1) {
    const rest = shelf.files(log).filter((name) => name !== checkpoint(log));
    total += rest.length;
    progress(done, total);
    const names = rest.values();
    const failed = { yet: false };
    const lane = async (): Promise<void> => {
      for (const name of names) {
        if (failed.yet) return;
        await take(name).catch((error: unknown) => {
          failed.yet = true;
          throw error;
        });
        done += 1;
        progress(done, total);
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, lane));
  }
}

/** The checkpoint at an address, as text. */
export async function checkpointOf(base: string): Promise<string> {
  const bytes = await fetched(`${base.replace(/\/+$/, "")}/checkpoint`, 100_000);
  if (bytes === null) throw new DownloadError(`${base}: there is no checkpoint`);
  return new TextDecoder().decode(bytes);
}

function checkpoint(log: number): string {
  return log === 1 ? "checkpoint" : `${log}/checkpoint`;
}

/** The bytes at an address, one more than `limit` at most; null if there is nothing. */
async function fetched(address: string, limit: number): Promise<Uint8Array | null> {
  let cause = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE * 2 ** attempt));
    try {
      const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", cache: address.endsWith("checkpoint") ? "no-store" : "default" });
      if (response.status === 404) return null;
      if (response.ok) return await read(response, limit);
      cause = `status ${response.status}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      cause = error instanceof Error ? error.message : String(error);
    }
  }
  throw new DownloadError(`${address}: ${cause}`);
}

async function read(response: Response, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit + 1);
  let length = 0;
  const reader = response.body?.getReader();
  while (reader && length <= limit) {
    const { done, value } = await reader.read();
    if (done) return bytes.slice(0, length);
    const kept = value.subarray(0, bytes.length - length);
    bytes.set(kept, length);
    length += kept.length;
  }
  await reader?.cancel();
  return bytes.slice(0, length);
}
