// What the pages cost, as a person waits for it: `cargo build --release --bins`, then `npm ci && npm run measure`. Compare figures of one run only.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Booth } from "./booth.mjs";
import { launch } from "./look.mjs";

const REPOSITORY = path.join(import.meta.dirname, "../..");
const program = (name) => path.join(process.env.CARGO_TARGET_DIR ?? path.join(REPOSITORY, "target"), "release", name);
process.env.VITRINE ??= program("vitrine");
const { stage } = await import("./stage.mjs");

const ROUNDS = 5;
const BALLOTS = "10000";
const say = (what, figures) => process.stdout.write(`${what.padEnd(52)} ${figures.map((one) => one.toFixed(2)).join("  ")}\n`);

const browser = await launch();
const place = await mkdtemp(path.join(tmpdir(), "vitrine-measure-"));

/** A page's time from one event to another, in seconds. */
async function timed(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function voting() {
  const play = await stage();
  const [opening, sealing] = [[], []];
  const codes = play.codes("North");
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    const booth = new Booth(page, play.board, play.open);
    opening.push(await timed(async () => {
      await booth.open();
      await booth.button("Start voting").waitFor();
    }));
    await booth.begin(codes[round % codes.length]);
    await booth.fill();
    const milliseconds = await page.evaluate(() => new Promise((resolve) => {
      const began = performance.now();
      new MutationObserver((_, observer) => {
        if (document.querySelector(".tracker") === null) return;
        observer.disconnect();
        resolve(performance.now() - began);
      }).observe(document.body, { childList: true, subtree: true });
      [...document.querySelectorAll("button")].find((button) => button.textContent.includes("Seal my ballot")).click();
    }));
    sealing.push(milliseconds / 1000);
    await context.close();
  }
  await play.stop();
  say("voting page: opened, record read, ready (s)", opening);
  say("a ballot of every kind of contest: sealed (s)", sealing);
}

async function verifying() {
  execFileSync(process.env.MAKE_RECORD ?? program("make_record"), [place, BALLOTS]);
  const record = path.join(place, "record");
  const offline = pathToFileURL(path.join(REPOSITORY, "web/dist/offline.html")).href;
  const figures = new Map([["in the tab, one worker", []], ["in the tab, all workers", []], ["vitrine verify, all cores", []]]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [what, seconds] of figures) {
      if (what.startsWith("vitrine")) {
        seconds.push(await timed(async () => execFileSync(process.env.VITRINE, ["verify", record], { stdio: "ignore" })));
        continue;
      }
      const context = await browser.newContext({ locale: "en-GB" });
      if (what.includes("one")) await context.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { value: 1 }));
      const page = await context.newPage();
      await page.goto(offline);
      seconds.push(await timed(async () => {
        await page.getByLabel("Or take a folder").setInputFiles(record);
        await page.locator("#verdict").waitFor({ timeout: 300_000 });
      }));
      await context.close();
    }
  }
  for (const [what, seconds] of figures) say(`${BALLOTS} ballots of 5 options: ${what} (s)`, seconds);
}

async function weight() {
  const dist = path.join(REPOSITORY, "web/dist");
  const html = await readFile(path.join(dist, "vote.html"), "utf8");
  const assets = (await readdir(path.join(dist, "assets"))).filter((name) => html.includes(name) || name.startsWith("web_voter_bg"));
  let bytes = 0;
  for (const name of ["vote.html", ...assets.map((one) => `assets/${one}`)]) bytes += (await readFile(path.join(dist, "brotli", `${name}.br`))).length;
  say("voting page, all included, with Brotli (KiB)", [bytes / 1024]);
}

try {
  await weight();
  await voting();
  await verifying();
} finally {
  await browser.close();
  await rm(place, { recursive: true, force: true });
}
