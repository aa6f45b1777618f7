// A browser that notices everything: errors, broken policies, foreign requests, and what axe-core finds at two widths in every language.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { REPOSITORY } from "./stage.mjs";

const AXE = await readFile(path.join(import.meta.dirname, "node_modules/axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SHOTS = path.join(REPOSITORY, "target/web-screenshots");
const LANGUAGES = ["English", "中文"];

export function launch() {
  return chromium.launch({ executablePath: process.env.VITRINE_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
}

/** A fresh browser profile with one page. Whatever it complains of fails the test at the end. */
export async function visit(browser, test, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, locale: "en-GB", acceptDownloads: true, ...options });
  const page = await context.newPage();
  context.setDefaultTimeout(15_000);
  const heard = { complaints: [], requests: [] };
  page.on("pageerror", (error) => heard.complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) heard.complaints.push(`console: ${message.text()}`);
    if (message.text().startsWith("policy:")) heard.complaints.push(message.text());
  });
  page.on("request", (request) => heard.requests.push(request.url()));
  page.on("dialog", (dialog) => dialog.accept());
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.log(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  test.after(async () => {
    await context.close();
    assert.deepEqual(heard.complaints, []);
  });
  return { context, page, heard };
}

/** What axe-core finds on a page as it is. */
export async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: rules });
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
  }, RULES);
}

/** WEB-60: no violation in any language at two widths, and nothing to scroll sideways. Ends in English, wide, as it began. */
export async function accessible(page, name) {
  await mkdir(SHOTS, { recursive: true });
  for (const language of [...LANGUAGES.slice(1), LANGUAGES[0]]) {
    await page.getByRole("button", { name: language, exact: true }).click();
    for (const width of [320, 1000]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await violations(page), [], `${name}, ${language}, ${width} px`);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(sideways <= 0, `${name}, ${language}: ${width} px are ${sideways} too few`);
      await page.screenshot({ path: path.join(SHOTS, `${name}-${language === "English" ? "en" : "zh"}-${width}.png`), fullPage: true });
    }
  }
}
