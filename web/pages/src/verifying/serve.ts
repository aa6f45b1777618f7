// The verifier's worker: one request at a time, in the order in which they come.
import type { Reply, Request } from "../common/worker";
import { Record as Held } from "../wasm/observer/web_observer.js";
import { DownloadError, checkpointOf, download } from "./download";
import type { LookView, Methods, VerifyResult } from "./message";
import { archive } from "./tar";

type Answers = { [M in keyof Methods]: (params: Methods[M][0], progress: (stage: string, done: number, total: number) => void) => Promise<Methods[M][1]> };

class Refusal extends Error {
  constructor(readonly code: string, text: string) {
    super(text);
  }
}

/** Answers requests once the module is there. */
export function serve(module: Promise<unknown>, begin?: (wasm: ArrayBuffer) => void): void {
  let held: Held | null = null;
  let last: Promise<void> = Promise.resolve();

  const record = (): Held => {
    if (held === null) throw new Refusal("no-record", "no record was read");
    return held;
  };
  /** What was read before and cannot have changed is not asked for again; a record that could not be read leaves the old one. */
  const read = async (address: string, heard: (done: number, total: number) => void): Promise<Held> => {
    const fresh = new Held();
    try {
      await download(address, fresh, heard, (name) => held?.file(name));
    } catch (error) {
      fresh.free();
      throw error;
    }
    held?.free();
    held = fresh;
    return fresh;
  };
  const chosen = async (files: File[], heard: (done: number, total: number) => void): Promise<Held> => {
    const fresh = new Held();
    for (const [place, file] of files.entries()) {
      // The folder that was chosen is not part of a name.
      const name = file.webkitRelativePath.split("/").slice(1).join("/") || file.name;
      const limit = fresh.limit(name);
      // A file that no record has is refused for its name alone (VER-3).
      const bytes = limit === undefined ? new ArrayBuffer(0) : await file.slice(0, limit + 1).arrayBuffer();
      fresh.put(name, new Uint8Array(bytes));
      heard(place + 1, files.length);
    }
    held?.free();
    held = fresh;
    return fresh;
  };

  const answers: Answers = {
    async module({ wasm }) {
      begin?.(wasm);
      return null;
    },
    async follow({ board, election, now }, progress) {
      const fresh = await read(addressOf(board, election), (done, total) => progress("download", done, total));
      return JSON.parse(fresh.look(now)) as LookView;
    },
    async story() {
      return JSON.parse(record().story()) as Methods["story"][1];
    },
    async entries({ from, count }) {
      return JSON.parse(record().entries(from, count)) as Methods["entries"][1];
    },
    async entry({ index }) {
      return record().entry(index) ?? null;
    },
    async find({ tracker }) {
      return JSON.parse(record().find(tracker)) as Methods["find"][1];
    },
    async compare({ board, election }) {
      const note = await checkpointOf(addressOf(board, election));
      const verdict = record().compare(note) as Methods["compare"][1]["verdict"];
      return { verdict, size: Number(note.split("\n")[1] ?? 0) };
    },
    async take({ source, election }, progress) {
      if (election !== null && !/^[0-9a-f]{64}$/.test(election)) throw new Refusal("bad-fingerprint", "a fingerprint has 64 hexadecimal digits");
      const heard = (done: number, total: number): void => progress("download", done, total);
      const taken = source === "held" ? record()
        : "board" in source ? await read(addressOf(source.board, election), heard)
        : await chosen(source.files, heard);
      return JSON.parse(taken.divide()) as Methods["take"][1];
    },
    async verify({ election, elsewhere }, progress) {
      const result = resultOf(record(), (held) => held.verify(election, elsewhere, progress));
      return { ...result, relies: record().relies() };
    },
    async files({ names }) {
      return [...files(record(), names)];
    },
    async prove({ setup, bundles, files }, progress) {
      const part = new Held();
      for (const [name, bytes] of files) part.put(name, bytes);
      const proven = part.prove(setup, bundles, progress);
      part.free();
      return new Uint8Array(proven);
    },
    async confirm({ election, proven }, progress) {
      return resultOf(record(), (held) => held.confirm(proven, election, progress));
    },
    async record() {
      return archive(files(record(), record().names()));
    },
  };

  const post = (reply: Reply): void => postMessage(reply);
  const answer = async ({ id, method, params }: Request): Promise<void> => {
    try {
      if (method !== "module") await module;
      const progress = (stage: string, done: number, total: number): void => post({ id, progress: { stage, done, total } });
      const own = answers[method as keyof Methods] as (params: unknown, heard: typeof progress) => Promise<unknown>;
      post({ id, ok: await own(params, progress) });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const code = error instanceof Refusal ? error.code : error instanceof DownloadError ? "download" : /^VER-3[89]:/.test(text) ? "too-large" : "not-readable";
      post({ id, fault: { code, text } });
    }
  };
  addEventListener("message", (event: MessageEvent<Request>) => {
    last = last.then(() => answer(event.data));
  });
}

/** A board's or mirror's address with the election's, or the address of a record itself. */
function addressOf(board: string, election: string | null): string {
  const plain = board.replace(/\/+$/, "");
  return election === null || plain.endsWith(`/e/${election}`) ? plain : `${plain}/e/${election}`;
}

function resultOf(record: Held, work: (record: Held) => string): VerifyResult {
  const began = performance.now();
  const json = work(record);
  return { json, exit: record.exit() ?? 3, text: record.text() ?? "", seconds: (performance.now() - began) / 1000 };
}

function* files(record: Held, names: string[]): Iterable<[string, Uint8Array<ArrayBuffer>]> {
  for (const name of names) {
    const bytes = record.file(name);
    if (bytes !== undefined) yield [name, new Uint8Array(bytes)];
  }
}
