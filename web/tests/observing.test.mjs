// The observer's page (WEB-50 to WEB-55): the live board, and a verifier that says what the command line says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible, launch, violations, visit } from "./look.mjs";
import { MAKE_RECORD, REPOSITORY, folder, front, stage, vitrine } from "./stage.mjs";

let [browser, play] = [];
before(async () => {
  [browser, play] = await Promise.all([launch(), stage()]);
});
after(async () => {
  await browser?.close();
  await play?.stop();
});

const makeRecord = (place, ballots = 24) => execFileSync(MAKE_RECORD, [place, String(ballots)]);
const view = (page, name) => page.getByRole("navigation", { name: "Parts of this page" }).getByRole("button", { name }).click();

async function open(page, base, election, fragment = "") {
  await page.goto(`${base}/elections/${election}/observe.html#${election}${fragment}`);
  await page.getByRole("navigation", { name: "Parts of this page" }).waitFor();
}

/** Verifies in the tab, by whatever `begin` does; gives the report as the page saves it. */
async function verified(page, begin) {
  await begin();
  await page.locator("#verdict, .problem").first().waitFor({ timeout: 120_000 });
  assert.equal(await page.locator(".problem").count(), 0, (await page.locator(".problem").allInnerTexts()).join());
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the report (JSON)" }).click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("observing", { concurrency: false }, () => {
  test("the board, entries, tracker search, other copies and officials; every state is accessible", async (t) => {
    const { page, heard } = await visit(browser, t);
    await open(page, play.board, play.finished);
    for (const summary of await page.locator("main details > summary").all()) await summary.click();
    await accessible(page, "observe-board");
    await page.getByLabel("Address of a mirror").fill(play.board);
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText(/^The same .* entries/).waitFor();
    await view(page, "Entries");
    await page.getByText("A voter sent a ballot.").first().waitFor();
    await page.locator("main td details > summary").first().click();
    await accessible(page, "observe-entries");
    const tracker = await page.locator("td .print").first().innerText();
    const before = heard.requests.length;
    await page.getByLabel("Find a ballot by its tracker").fill(tracker.slice(0, 11).toLowerCase());
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("One ballot has this tracker.").waitFor();
    // WEB-54: no request depends on it.
    assert.ok(heard.requests.slice(before).every((url) => url.endsWith("/checkpoint")), String(heard.requests.slice(before)));
    await accessible(page, "observe-found");
    await view(page, "For officials");
    await page.getByText("Destroy your share of the key").first().waitFor();
    await page.getByText(/^vitrine trustee retire --board/).first().waitFor();
    await accessible(page, "observe-officials");
    assert.ok(heard.requests.every((url) => url.startsWith(play.board)), "a request went elsewhere");
  });

  test("the tab's report of a good record is the program's, byte for byte, and so is the record that it saves", async (t) => {
    const { page } = await visit(browser, t);
    await open(page, play.board, play.finished);
    await view(page, "Verify everything");
    const report = await verified(page, () => page.getByRole("button", { name: "Verify everything", exact: true }).last().click());
    assert.equal(`${report}\n`, (await vitrine("verify", `${play.board}/e/${play.finished}`, "--expect", play.finished, "--json")).stdout);
    await page.getByText("VALID: every check passed.", { exact: true }).waitFor();
    await accessible(page, "observe-valid");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the record that was checked" }).click()]);
    const place = await folder(t);
    await download.saveAs(path.join(place, "record.tar"));
    execFileSync("tar", ["-xf", "record.tar"], { cwd: place });
    execFileSync("rm", [path.join(place, "record.tar")]);
    assert.equal((await vitrine("verify", place, "--expect", play.finished)).code, 0);
    // An election that goes on is not called valid.
    await open(page, play.board, play.open, "/verify");
    await page.reload();
    await page.getByRole("button", { name: "Verify everything", exact: true }).last().click();
    await page.getByText("INCOMPLETE").first().waitFor();
    await accessible(page, "observe-incomplete");
  });

  test("ten records and more that were tampered with are refused as the program refuses them", { timeout: 300_000 }, async (t) => {
    const place = await folder(t);
    const python = (...args) => execFileSync("python3", args, { cwd: REPOSITORY, stdio: "pipe" });
    makeRecord(place);
    python("tests/second_verifier/copies.py", place, path.join(place, "copies"));
    const copies = await readdir(path.join(place, "copies"));
    assert.ok(copies.length >= 10);
    const { page } = await visit(browser, t);
    await open(page, play.board, play.open, "/verify");
    for (const name of ["record", ...copies]) {
      const record = name === "record" ? path.join(place, name) : path.join(place, "copies", name);
      const report = await verified(page, async () => {
        await page.evaluate(() => document.getElementById("verdict")?.parentElement?.remove());
        await page.reload();
        await page.getByLabel("Or take a folder").setInputFiles(record);
      });
      const { stdout, code } = await vitrine("verify", record, "--expect", play.open, "--json");
      assert.equal(`${report}\n`, stdout, name);
      assert.equal(code, 1, name);
    }
    await accessible(page, "observe-invalid");
  });

  test("workers that share the proofs of a longer record come to the same report, and can be stopped", { timeout: 300_000 }, async (t) => {
    const place = await folder(t);
    makeRecord(place, 3000);
    const { page } = await visit(browser, t);
    await page.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { value: 3 }));
    let workers = 0;
    page.on("worker", () => { workers += 1; });
    await open(page, play.board, play.open, "/verify");
    const began = workers;
    const record = path.join(place, "record");
    const take = () => page.getByLabel("Or take a folder").setInputFiles(record);
    const bundle = path.join(record, "tile/entries/005");
    const good = readFileSync(bundle);
    for (const spoil of [false, true]) {
      if (spoil) writeFileSync(bundle, good.map((byte, place) => (place === good.length - 100 ? byte ^ 1 : byte)));
      await page.reload();
      const report = await verified(page, take);
      assert.equal(`${report}\n`, (await vitrine("verify", record, "--expect", play.open, "--json")).stdout, `spoilt: ${spoil}`);
    }
    // One for each look and three for each verification, of which one is that of the look.
    assert.ok(workers >= began + 4, `${workers} workers`);
    writeFileSync(bundle, good);
    await page.reload();
    await take();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByText("stopped", { exact: false }).first().waitFor();
    assert.equal(await page.locator("#verdict").count(), 0);
  });

  test("names that are meant to break a page are shown as what they are", async (t) => {
    const place = await folder(t);
    makeRecord(place);
    const record = path.join(place, "hostile/record");
    const { fingerprint } = JSON.parse((await vitrine("verify", record, "--json")).stdout);
    const server = await front(play.board);
    t.after(server.stop);
    server.lie.redirect = (url) => url.replace(`/elections/${fingerprint}`, `/elections/${play.open}`);
    server.lie.file = (url) => {
      if (!url.startsWith(`/e/${fingerprint}/`)) return undefined;
      const file = path.join(record, url.slice(`/e/${fingerprint}/`.length));
      return existsSync(file) ? readFileSync(file) : undefined;
    };
    const { page } = await visit(browser, t);
    await open(page, server.address, fingerprint);
    await view(page, "Verify everything");
    await page.getByRole("button", { name: "Verify everything", exact: true }).last().click();
    const results = page.getByRole("region", { name: "Results" });
    await results.waitFor();
    await results.getByText("<img src=x onerror=", { exact: false }).first().waitFor();
    await results.getByText("</script><script>", { exact: false }).first().waitFor();
    assert.doesNotMatch(await page.title(), /broken/);
    assert.equal(await page.locator("main img, main script, main b").count(), 0);
    await accessible(page, "observe-hostile");
  });

  test("a copy that shows another record is called one", async (t) => {
    const server = await front(play.board);
    t.after(server.stop);
    const { page } = await visit(browser, t);
    await open(page, play.board, play.finished);
    const compare = async (words) => {
      await page.getByLabel("Address of a mirror").fill(server.address);
      await page.getByRole("button", { name: "Compare" }).click();
      await page.getByText(words).waitFor();
    };
    server.lie.redirect = (url) => url.replace(play.finished, play.open);
    await compare("The log of another election");
    delete server.lie.redirect;
    server.lie.answer = (request, body) => {
      const lines = body.toString().split("\n");
      lines[2] = Buffer.alloc(32, 7).toString("base64");
      return Buffer.from(lines.join("\n"));
    };
    await compare(/ANOTHER RECORD/);
    await accessible(page, "observe-fork");
    server.lie.before = () => true;
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText("could not be fetched").first().waitFor({ timeout: 30_000 });
  });

  test("what the server writes reads without a script, in both languages", async (t) => {
    const { page } = await visit(browser, t);
    for (const address of ["/", `/elections/${play.finished}/`, `/elections/${play.finished}/entries?from=0`, `/elections/${play.open}/`]) {
      for (const language of ["en", "zh"]) {
        await page.goto(`${play.board}${address}${address.includes("?") ? "&" : "?"}lang=${language}`);
        for (const width of [320, 1000]) {
          await page.setViewportSize({ width, height: 800 });
          assert.deepEqual(await violations(page), [], `${address} ${language} ${width}`);
        }
      }
    }
  });
});
