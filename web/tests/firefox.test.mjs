// The main path in a second engine.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { stage } from "./stage.mjs";

let [browser, play] = [];
before(async () => {
  const executablePath = process.env.VITRINE_FIREFOX ?? "/usr/bin/firefox-esr";
  [browser, play] = await Promise.all([puppeteer.launch({ browser: "firefox", executablePath, headless: true }), stage()]);
});
after(async () => {
  await browser?.close();
  await play?.stop();
});

test("a ballot is cast in Firefox, and everything is verified there", async () => {
  const page = await browser.newPage();
  const failed = [];
  page.on("pageerror", (error) => failed.push(error.message));
  page.setDefaultTimeout(30_000);
  const press = async (text) => (await page.waitForSelector(`::-p-xpath(//button[starts-with(normalize-space(.), "${text}")])`)).click();
  const seen = (text) => page.waitForSelector(`::-p-text(${text})`);
  await page.goto(`${play.board}/elections/${play.open}/vote.html#${play.open}`);
  await press("Start voting");
  await (await page.waitForSelector("#code-0")).type(play.codes("South")[0]);
  await press("Go on");
  // The South's ballot has four contests.
  for (let contest = 0; contest < 4; contest += 1) {
    const title = await (await page.waitForSelector("form h1")).evaluate((heading) => heading.innerText);
    const radio = await page.$("fieldset input[type=radio]");
    if (radio !== null) await radio.click();
    else await (await page.$("fieldset .row button")).click();
    await press("Next");
    await page.waitForFunction((old) => document.querySelector("h1")?.innerText !== old, {}, title);
  }
  await press("Seal my ballot");
  await press("Cast my ballot");
  await seen("Your ballot is CAST and recorded.");
  await page.goto("about:blank");
  await page.goto(`${play.board}/elections/${play.finished}/observe.html#${play.finished}/verify`);
  await page.waitForSelector("#address");
  await press("Verify everything");
  await (await page.waitForSelector("form button[type=submit]")).click();
  await seen("VALID: every check passed.");
  assert.deepEqual(failed, []);
});
