// The verifier that is one file (WEB-9): from a disk, with the network off.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { accessible, launch, visit } from "./look.mjs";
import { MAKE_RECORD, REPOSITORY, folder, vitrine } from "./stage.mjs";

test("without a network the file says of good and of tampered records what the program says", { timeout: 120_000 }, async (t) => {
  const browser = await launch();
  t.after(() => browser.close());
  const place = await folder(t);
  execFileSync(MAKE_RECORD, [place, "24"]);
  execFileSync("python3", ["tests/second_verifier/copies.py", place, path.join(place, "copies")], { cwd: REPOSITORY });
  const { page, context, heard } = await visit(browser, t);
  await context.setOffline(true);
  const file = pathToFileURL(path.join(REPOSITORY, "web/dist/offline.html")).href;
  await page.goto(file);
  await page.getByRole("heading", { name: "Verify a record without a network" }).waitFor();
  await accessible(page, "offline-start");
  const record = path.join(place, "record");
  const { fingerprint } = JSON.parse((await vitrine("verify", record, "--json")).stdout);
  const copies = (await readdir(path.join(place, "copies"))).slice(0, 3).map((name) => path.join(place, "copies", name));
  for (const [one, expected] of [[record, fingerprint], [record, null], [record, "00".repeat(32)], ...copies.map((copy) => [copy, fingerprint])]) {
    await page.reload();
    if (expected !== null) await page.getByLabel("Fingerprint of the election").fill(expected);
    await page.getByLabel("Or take a folder").setInputFiles(one);
    await page.locator("#verdict, .problem").first().waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the report (JSON)" }).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const { stdout } = await vitrine("verify", one, "--json", ...(expected === null ? [] : ["--expect", expected]));
    assert.equal(`${Buffer.concat(chunks)}\n`, stdout);
  }
  await accessible(page, "offline-invalid");
  assert.ok(heard.requests.every((url) => url === file || url.startsWith("blob:") || url.startsWith("data:")), String(heard.requests));
});
