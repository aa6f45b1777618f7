// The stage of the browser tests: `vitrine demo --keep-serving` with real boards, witnesses and officials, and a server in front of its board that lies or
// falls silent when a test asks it to.
import { execFile, spawn } from "node:child_process";
import http from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** The program under test; `cargo xtask test` names it. */
export const VITRINE = process.env.VITRINE ?? path.join(import.meta.dirname, "../../target/debug/vitrine");
export const REPOSITORY = path.join(import.meta.dirname, "../..");
/** Makes records to verify. */
export const MAKE_RECORD = process.env.MAKE_RECORD ?? path.join(REPOSITORY, "target/debug/make_record");

/** What the program says: its exit code, and what it wrote. */
export async function vitrine(...args) {
  try {
    const { stdout, stderr } = await promisify(execFile)(VITRINE, args, { maxBuffer: 1 << 26 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== "number") throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

/** An empty folder that is gone afterwards. */
export async function folder(test) {
  const place = await mkdtemp(path.join(tmpdir(), "vitrine-web-"));
  test.after(() => rm(place, { recursive: true, force: true }));
  return place;
}

/** A finished election, and one that is open. `close()` puts the clock forward, and ends when the open one has its result. */
export async function stage() {
  const place = await mkdtemp(path.join(tmpdir(), "vitrine-stage-"));
  const demo = spawn(VITRINE, ["demo", "--keep-serving", "--ballots", "20", "--json", "--out", path.join(place, "demo")]);
  let [said, told] = ["", ""];
  demo.stderr.on("data", (text) => { told += text; });
  const document = await new Promise((resolve, reject) => {
    demo.stdout.on("data", (text) => {
      said += text;
      // Pretty-printed: the object ends with a brace at the margin.
      if (/^\}$/m.test(said)) resolve(JSON.parse(said));
    });
    demo.on("exit", (code) => reject(new Error(`the demo ended with ${code}\n${told}`)));
  });
  const open = Object.values(document).find((value) => value?.voters !== undefined && value?.vote !== undefined);
  return {
    board: document.board,
    finished: document.fingerprint,
    open: open.fingerprint,
    /** Codes of letters, by unit. */
    codes: (unit) => open.voters.filter((voter) => voter.unit === unit).map((voter) => voter.code),
    async close() {
      demo.stdin.write("\n");
      while (!told.includes('"step":"counted"')) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async stop() {
      demo.kill("SIGKILL");
      await rm(place, { recursive: true, force: true });
    },
  };
}

/**
 * A server in front of a board. `lie.answer(request, body)` may give another answer body, `lie.before(request)` and `lie.after(request)` may ask to cut the
 * connection before or after the board has heard of it. `lie.file(url)` may give a file in the board's place, and `lie.redirect(url)` another address.
 */
export async function front(board) {
  const lie = {};
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      if (lie.before?.(request)) return request.socket.destroy();
      const file = lie.file?.(request.url);
      if (file !== undefined) return response.end(file);
      const { hostname, port } = new URL(board);
      const headers = { ...request.headers, host: `${hostname}:${port}`, "accept-encoding": "identity" };
      const url = lie.redirect?.(request.url) ?? request.url;
      const forward = http.request({ hostname, port, path: url, method: request.method, headers }, (answer) => {
        const got = [];
        answer.on("data", (part) => got.push(part));
        answer.on("end", () => {
          if (lie.after?.(request)) return request.socket.destroy();
          const body = lie.answer?.(request, Buffer.concat(got)) ?? Buffer.concat(got);
          const { "transfer-encoding": _, ...rest } = answer.headers;
          response.writeHead(answer.statusCode, { ...rest, "content-length": body.length });
          response.end(body);
          return undefined;
        });
      });
      forward.on("error", () => request.socket.destroy());
      forward.end(Buffer.concat(parts));
      return undefined;
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, lie, stop: () => server.close() };
}
