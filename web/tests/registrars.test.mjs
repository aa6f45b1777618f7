// Two registrars, so two letters and two codes a voter: none of them alone knows who may vote as whom.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { accessible, launch, visit } from "./look.mjs";
import { REPOSITORY, vitrine } from "./stage.mjs";

let browser;
let stage;
let folder;
let lines;
let play;

async function answer() {
  const { value, done } = await lines.next();
  assert.equal(done, false, "the stage fell down");
  return JSON.parse(value);
}

function order(text) {
  stage.stdin.write(`${text}\n`);
  return answer();
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "vitrine-registrars-"));
  stage = spawn(process.env.STAGE ?? path.join(REPOSITORY, "target/debug/stage"), ["2"], { stdio: ["pipe", "pipe", "inherit"] });
  lines = createInterface({ input: stage.stdout })[Symbol.asyncIterator]();
  [browser, play] = await Promise.all([launch(), answer()]);
});
after(async () => {
  await browser?.close();
  stage.stdin.end();
  await new Promise((resolve) => (stage.exitCode === null ? stage.once("exit", resolve) : resolve()));
  await rm(folder, { recursive: true, force: true });
});

const button = (page, name) => page.getByRole("button", { name, exact: true });
const arrived = (page, name) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();

async function type(page, codes) {
  const fields = page.locator("main").getByRole("textbox");
  for (const [at, code] of codes.entries()) await fields.nth(at).fill(code);
}

/** A voter of the small unit votes on what everybody votes on. */
async function vote(page, codes, mayor, proposal) {
  await page.goto(`${play.board}/elections/${play.election}/vote.html`);
  await button(page, "Start voting").click();
  await type(page, codes);
  await button(page, "Go on").click();
  await arrived(page, "Mayor");
  await page.getByRole("radio", { name: mayor, exact: true }).check();
  await button(page, "Next").click();
  await arrived(page, "Order");
  await page.getByRole("combobox", { name: "Dot", exact: true }).selectOption("1");
  await button(page, "Next").click();
  await arrived(page, "Proposal");
  await page.getByRole("radio", { name: proposal, exact: true }).check();
  await button(page, "Next").click();
  await button(page, "Seal my ballot").click();
  await button(page, "Cast my ballot").click();
  await arrived(page, "Your ballot is cast");
}

describe("two registrars", { concurrency: false }, () => {
  test("codes of two voters do not go together, and the letters of one do", async (t) => {
    const { page } = await visit(browser, t);
    const [first, second] = play.voters.slice(6).map(({ codes }) => codes);
    await page.goto(`${play.board}/elections/${play.election}/vote.html`);
    await button(page, "Start voting").click();
    await type(page, [first[0], second[1]]);
    await button(page, "Go on").click();
    await page.getByText("These codes are not on the roll of this election.").first().waitFor();
    await accessible(page, "vote-two-codes");
    await vote(page, first, "Ada", "Yes");
    await vote(page, second, "Blaise", "No");
    // Once more: the last ballot counts.
    await vote(page, first, "Carl", "Yes");
  });

  test("the record has what was chosen", async () => {
    await order("close");
    assert.equal((await order("tally")).phase, "Tallied");
    const record = path.join(folder, "record");
    await order(`save ${record}`);
    const { code, stdout } = await vitrine("verify", record, "--expect", play.election, "--json");
    assert.equal(code, 0, stdout);
    const { results } = JSON.parse(stdout);
    const totals = (title) => results.filter((result) => result.title === title).flatMap(({ slots }) => slots.map(({ name, total }) => [name, total]));
    assert.deepEqual(totals("Mayor"), [["Ada", 0], ["Blaise", 1], ["Carl", 1], ["Dot", 0], ["blank", 0]]);
    assert.deepEqual(totals("Proposal").slice(0, 3), [["Yes", 1], ["No", 1], ["Abstain", 0]]);
  });
});
