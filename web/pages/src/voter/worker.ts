// The worker in which the voter's Rust code runs. One request at a time, in the order in which they come.
import wasmHash from "../wasm/voter/web_voter_bg.wasm?integrity";
import init, { Voter, scan } from "../wasm/voter/web_voter.js";
import wasmUrl from "../wasm/voter/web_voter_bg.wasm?url";
import type { Reply, Request } from "../common/worker";
import type { Picture } from "./message";

const ready = (async () => {
  await init({ module_or_path: fetch(wasmUrl, { integrity: wasmHash }) });
  return new Voter();
})();
let last: Promise<void> = Promise.resolve();

function reply(message: Reply): void {
  self.postMessage(message);
}

async function answer({ id, method, params }: Request): Promise<void> {
  try {
    const voter = await ready;
    if (method === "scan") {
      const { width, height, grey } = params as Picture;
      reply({ id, ok: scan(width, height, grey) ?? null });
      return;
    }
    const progress = (done: number, total: number): void => reply({ id, progress: { done, total } });
    reply({ id, ok: JSON.parse(await voter.call(method, JSON.stringify(params), progress)) as unknown });
  } catch (error) {
    reply({ id, fault: faultOf(error) });
  }
}

/** Rust's faults come as JSON; anything else is a worker that could not start or has stopped. */
function faultOf(error: unknown): { code: string; text: string } {
  if (typeof error === "string") {
    try {
      return JSON.parse(error) as { code: string; text: string };
    } catch {
      return { code: "stopped", text: error };
    }
  }
  return { code: "stopped", text: error instanceof Error ? error.message : "unknown" };
}

self.addEventListener("message", (event: MessageEvent<Request>) => {
  last = last.then(() => answer(event.data));
});
