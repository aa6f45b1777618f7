// The voting page, from a letter's link to the receipt (WEB-40 to WEB-49).
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { Booth } from "./booth.mjs";
import { accessible, launch, violations, visit } from "./look.mjs";
import { folder, front, stage, vitrine } from "./stage.mjs";

let [browser, play, north, south] = [];
before(async () => {
  [browser, play] = await Promise.all([launch(), stage()]);
  [north, south] = [play.codes("North"), play.codes("South")];
});
after(async () => {
  await browser?.close();
  await play?.stop();
});

/** What was cast, to be compared with the count. */
const cast = [];

describe("voting", { concurrency: false }, () => {
  test("a voter fills in every kind of contest, seals without a request, casts, and finds the ballot; every state is accessible", async (t) => {
    const { page, heard } = await visit(browser, t);
    const booth = new Booth(page, play.board, play.open);
    await booth.open();
    await booth.button("Start voting").waitFor();
    await accessible(page, "vote-start");
    await booth.button("Start voting").click();
    await accessible(page, "vote-codes");
    await page.goBack();
    await booth.begin(north[0].toLowerCase().replaceAll("-", " "));
    const before = heard.requests.length;
    const chosen = await booth.fill((title) => accessible(page, `vote-contest-${title.replace(/\W+/g, "-")}`));
    assert.equal(Object.keys(chosen).length > 3, true);
    await accessible(page, "vote-review");
    const tracker = await booth.seal();
    await accessible(page, "vote-sealed");
    // WEB-41: nothing was asked of anybody since the code was typed.
    assert.deepEqual(heard.requests.slice(before), []);
    assert.equal(await booth.cast(), "Your ballot is cast");
    await accessible(page, "vote-recorded");
    assert.equal(await booth.tracker(), tracker);
    assert.ok(heard.requests.every((url) => url.startsWith(play.board)), "a request went elsewhere");
    // WEB-45: nothing of the ballot stays.
    const left = await page.evaluate(async () => {
      const database = await new Promise((resolve) => { const open = indexedDB.open("vitrine"); open.onsuccess = () => resolve(open.result); });
      const held = await new Promise((resolve) => { const all = database.transaction("pending").objectStore("pending").getAll(); all.onsuccess = () => resolve(all.result); });
      return [held.length, sessionStorage.length, Object.keys(localStorage).filter((key) => key !== "language"), document.cookie];
    });
    assert.deepEqual(left, [0, 0, [], ""]);
    const [download] = await Promise.all([page.waitForEvent("download"), booth.button("Save the receipt").click()]);
    const receipt = path.join(await folder(t), "ballot.tlog-proof");
    await download.saveAs(receipt);
    const { election } = JSON.parse((await vitrine("verify", `${play.board}/e/${play.open}`, "--json")).stdout);
    const judged = await vitrine("ballot", "receipt", receipt, "--log-key", election.logs[0].key, "--election", play.open);
    assert.equal(judged.code, 0, judged.stderr);
    cast.push(chosen);

    await booth.button("Finish").click();
    await booth.button("Find my ballot").click();
    await page.getByLabel("Your tracker").fill(tracker.slice(0, 12).toLowerCase());
    await booth.button("Search").click();
    await page.getByText("This ballot counts.").waitFor();
    await accessible(page, "vote-found");
    await booth.button("Make a receipt").click();
    await booth.button("Save the receipt").waitFor();
    await booth.button("Back").click();
    await booth.button("Check a receipt that I saved").click();
    await page.getByLabel("File of the receipt").setInputFiles(receipt);
    await page.getByText("The receipt is good.").waitFor();
    await accessible(page, "vote-kept-receipt");
    await booth.button("Back").click();
    await booth.button("Did my code vote?").click();
    await page.getByLabel("Code").fill(north[0]);
    await booth.button("Search").click();
    await page.getByText("This ballot counts.").waitFor();
    await accessible(page, "vote-voted");
  });

  test("a page without a label or a language is noticed", async (t) => {
    const { page } = await visit(browser, t);
    await new Booth(page, play.board, play.open).open("/check");
    await page.getByLabel("Tracker that the other device showed").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.evaluate(() => {
      document.documentElement.removeAttribute("lang");
      document.querySelector("label[for=shown-tracker]").remove();
    });
    const found = (await violations(page)).map((one) => one.split(":")[0]);
    assert.ok(found.includes("html-has-lang") && found.includes("label"), String(found));
  });

  test("a ballot is opened instead of cast; a second device and the program say what it holds", async (t) => {
    const { page } = await visit(browser, t);
    const booth = new Booth(page, play.board, play.open);
    await booth.open();
    await booth.begin(south[0]);
    const chosen = await booth.fill();
    const tracker = await booth.seal();
    await page.getByText("Check this ballot instead of casting it").click();
    await booth.button("Open this ballot for a check").click();
    await page.getByText("It is NOT cast").waitFor();
    await accessible(page, "vote-opened");
    const [download] = await Promise.all([page.waitForEvent("download"), booth.button("Save the opened ballot").click()]);
    const opened = path.join(await folder(t), "opened.cbor");
    await download.saveAs(opened);

    const second = await visit(browser, t);
    await new Booth(second.page, play.board, play.open).open("/check");
    await second.page.getByLabel("Tracker that the other device showed").fill(tracker);
    await accessible(second.page, "check-start");
    await second.page.getByLabel("Or choose its file").setInputFiles(opened);
    await second.page.getByText("The opened ballot is here.").waitFor();
    await second.page.getByRole("button", { name: "Check it" }).click();
    await second.page.getByRole("heading", { name: "What the ballot holds" }).waitFor();
    const words = await second.page.getByRole("main").innerText();
    for (const option of Object.values(chosen).flat()) assert.ok(words.includes(option), `${option} is not in ${words}`);
    await accessible(second.page, "check-found");
    // Another tracker was shown than that of this ballot: the device cheated.
    await second.page.getByRole("button", { name: "Check another ballot" }).click();
    await second.page.getByLabel("Tracker that the other device showed").fill(`${tracker[0] === "Z" ? "Y" : "Z"}${tracker.slice(1)}`);
    await second.page.getByLabel("Or choose its file").setInputFiles(opened);
    await second.page.getByText("The opened ballot is here.").waitFor();
    await second.page.getByRole("button", { name: "Check it" }).click();
    await second.page.getByRole("heading", { name: "The other device did not do what it showed" }).waitFor();
    await accessible(second.page, "check-cheated");

    const checked = await vitrine("ballot", "check-audit", opened, "--tracker", tracker, "--board", play.board, "--election", play.open);
    assert.equal(checked.code, 0, checked.stderr);
    for (const option of Object.values(chosen).flat()) assert.ok(checked.stdout.includes(option), option);
    // WEB-44: the voter goes on to a new ballot, with what was filled in.
    await booth.button("Back to my ballot, to seal it anew").click();
    assert.notEqual(await booth.seal(), tracker);
    assert.equal(await booth.cast(), "Your ballot is cast");
    cast.push(chosen);
  });

  test("a mistyped code is noticed at once, an unknown one by the roll", async (t) => {
    const { page } = await visit(browser, t);
    const booth = new Booth(page, play.board, play.open);
    await booth.open();
    await booth.button("Start voting").click();
    const field = page.getByLabel("Code");
    await field.fill(`${north[1].slice(0, -1)}${north[1].endsWith("7") ? "8" : "7"}`);
    await field.blur();
    await page.getByText("The code has a typing error.").waitFor();
    await booth.button("Go on").click();
    await page.getByRole("link", { name: /typing error/ }).click();
    assert.equal(await field.evaluate((own) => own === document.activeElement), true);
    assert.match(await page.title(), /^Error: /);
    await accessible(page, "vote-codes-wrong");
    await field.fill("0000-0000-0000-0000-0000-0000");
    await booth.button("Go on").click();
    await page.getByText(/not on the roll|no key can be made/).first().waitFor();
  });

  test("too many choices are said at once and refused, and none is dropped", async (t) => {
    const { page } = await visit(browser, t);
    const booth = new Booth(page, play.board, play.open);
    await booth.open();
    await booth.begin(north[1]);
    await page.getByRole("radio").first().check();
    await booth.button("Next").click();
    await page.getByRole("heading", { name: "Committee: up to two" }).waitFor();
    for (const box of await page.getByRole("checkbox").all()) await box.check();
    await page.getByText(/too many: at most/).waitFor();
    await booth.button("Next").click();
    await page.locator(".problem").waitFor();
    assert.equal(await page.locator("input:checked").count(), 4);
    await accessible(page, "vote-too-many");
    // WEB-47.
    await page.goBack();
    await page.getByRole("heading", { name: "Mayor" }).waitFor();
    assert.equal(await page.locator("input:checked").count(), 1);
  });

  for (const when of ["before", "after"]) {
    test(`the connection is lost ${when} the board has heard of the ballot: sent again, also after the page was closed, it counts once`, async (t) => {
      const code = north[when === "before" ? 2 : 3];
      const server = await front(play.board);
      t.after(server.stop);
      const { page, context } = await visit(browser, t);
      const booth = new Booth(page, server.address, play.open);
      await booth.open();
      await booth.begin(code);
      const chosen = await booth.fill();
      const tracker = await booth.seal();
      server.lie[when] = (request) => request.method === "POST";
      // Whether it arrived cannot be asked either.
      server.lie.before = (request) => server.lie[when] !== undefined && (when === "before" ? request.method === "POST" : /\/submissions\/./.test(request.url));
      assert.equal(await booth.cast(), "Not known whether your ballot arrived");
      await accessible(page, `vote-unknown-${when}`);
      await page.close();
      delete server.lie.before;
      delete server.lie.after;
      const again = await context.newPage();
      await again.goto(`${server.address}/elections/${play.open}/vote.html#${play.open}`);
      await again.getByRole("button", { name: "Send it again" }).click();
      await again.getByText("Your ballot is CAST and recorded.").waitFor();
      assert.equal(await again.locator(".tracker").first().innerText(), tracker);
      const voted = await vitrine("ballot", "find", tracker, "--board", play.board, "--election", play.open);
      assert.equal(voted.code, 0, voted.stderr);
      cast.push(chosen);
    });
  }

  test("a second ballot of the same code replaces the first", async (t) => {
    const { page } = await visit(browser, t);
    const booth = new Booth(page, play.board, play.open);
    await booth.open();
    await booth.begin(south[0]);
    await page.getByText(/A ballot was cast with this code before/).waitFor();
    const chosen = await booth.fill();
    await booth.seal();
    assert.equal(await booth.cast(), "Your ballot is cast");
    cast[1] = chosen;
    await booth.button("Finish").click();
    await booth.button("Did my code vote?").click();
    await page.getByLabel("Code").fill(south[0]);
    await booth.button("Search").click();
    await page.getByText("This ballot was replaced by a later one").waitFor();
  });

  test("a board that shows another manifest, another key, or another tracker is found out", async (t) => {
    const server = await front(play.board);
    t.after(server.stop);
    const { page } = await visit(browser, t);
    const booth = new Booth(page, server.address, play.open);
    // Another election in the place of this one.
    server.lie.redirect = (url) => url.replace(`/e/${play.open}`, `/e/${play.finished}`);
    await booth.open();
    await page.getByText(/shows another election|breaks the rules|signature on its record is wrong/).first().waitFor();
    await accessible(page, "vote-other-election");
    delete server.lie.redirect;
    // One byte of the entries, where the key is made: every hash then differs.
    server.lie.answer = (request, body) => {
      if (!request.url.includes("/tile/entries/")) return body;
      const changed = Buffer.from(body);
      changed[changed.length - 40] ^= 1;
      return changed;
    };
    await page.reload();
    await page.getByText(/breaks the rules of the election|signature on its record is wrong/).first().waitFor();
    delete server.lie.answer;
    await page.reload();
    await booth.begin(south[1]);
    const chosen = await booth.fill();
    await booth.seal();
    // The promise is of another entry than the ballot that was sent.
    server.lie.answer = (request, body) => {
      if (request.method !== "POST") return body;
      const promise = JSON.parse(body);
      return Buffer.from(JSON.stringify({ ...promise, index: promise.index - 1 }));
    };
    assert.equal(await booth.cast(), "The board broke its promise");
    await accessible(page, "vote-lie");
    // WEB-49: the ballot is kept, and is found to be recorded once the board answers rightly.
    delete server.lie.answer;
    await booth.button("Send it again").click();
    await page.getByText("Your ballot is CAST and recorded.").waitFor();
    cast.push(chosen);
  });

  test("a script or module with other bytes does not run", async (t) => {
    const server = await front(play.board);
    t.after(server.stop);
    for (const [name, comes] of [["/vote-", false], ["/worker-", true], [".wasm", true]]) {
      server.lie.answer = (request, body) => (request.url.includes("/assets/") && request.url.includes(name) && !request.url.endsWith(".css") ? Buffer.concat([body, Buffer.from(" ")]) : body);
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${server.address}/elections/${play.open}/vote.html#${play.open}`);
      if (comes) await page.getByText(/could not start or has stopped/).waitFor();
      else assert.equal(await page.locator("h1").count(), 0);
      await context.close();
    }
  });

  test("a voter who has a keyboard only casts a ballot", async (t) => {
    const { page } = await visit(browser, t);
    const booth = new Booth(page, play.board, play.open);
    await booth.open();
    await booth.button("Start voting").waitFor();
    /** Tabs to the control of this name, which must show that it has the focus. */
    const to = async (name) => {
      for (let tries = 0; tries < 60; tries += 1) {
        await page.keyboard.press("Tab");
        const found = await page.evaluate(() => {
          const own = document.activeElement;
          const label = own?.labels?.[0]?.innerText ?? own?.innerText ?? "";
          return [label.trim(), own === null ? "" : getComputedStyle(own).outlineStyle];
        });
        if (found[0].startsWith(name)) return assert.equal(found[1], "solid", `${name} does not show the focus`);
      }
      throw new Error(`the keyboard does not reach ${name} of ${await booth.heading()}`);
    };
    await to("Start voting");
    await page.keyboard.press("Enter");
    await to("Code");
    await page.keyboard.type(south[2]);
    await page.keyboard.press("Enter");
    await page.getByText(/^Contest .?1/).waitFor().catch(async (error) => { throw new Error(await page.getByRole("main").innerText(), { cause: error }); });
    const chosen = {};
    for (let guard = 0; guard < 10; guard += 1) {
      const title = await booth.heading();
      if (title === "Look over your ballot") break;
      const first = page.locator("fieldset label").first();
      const option = (await first.innerText()).trim();
      await to(option);
      if (await page.locator("fieldset select").count() > 0) {
        await page.keyboard.press("ArrowDown");
      } else {
        await page.keyboard.press("Space");
        chosen[title] = [option];
      }
      await to("Next");
      await page.keyboard.press("Enter");
      await page.waitForFunction((old) => document.querySelector("h1")?.innerText !== old, title);
    }
    await to("Seal my ballot");
    await page.keyboard.press("Enter");
    await booth.button("Cast my ballot").waitFor();
    await to("Cast my ballot");
    await page.keyboard.press("Enter");
    await page.getByText("Your ballot is CAST and recorded.").waitFor();
    cast.push(chosen);
  });

  test("the count is that of what the page showed", async (t) => {
    await play.close();
    const { code, stdout } = await vitrine("verify", `${play.board}/e/${play.open}`, "--expect", play.open, "--json");
    assert.equal(code, 0);
    const { results } = JSON.parse(stdout);
    assert.equal(results[0].counted, cast.length);
    for (const title of ["Mayor", "Shall the market move to Saturday?", "Committee: up to two", "The South's pond"]) {
      const contest = results.find((one) => one.title === title);
      const expected = {};
      for (const chosen of cast) for (const option of chosen[title] ?? []) expected[option] = (expected[option] ?? 0) + 1;
      const counted = Object.fromEntries(contest.slots.filter((slot) => slot.total > 0 && !slot.blank).map((slot) => [slot.name, slot.total]));
      assert.deepEqual(counted, expected, title);
    }
    const { page } = await visit(browser, t);
    await new Booth(page, play.board, play.open).open();
    await page.locator(".state", { hasText: "Voting is over." }).waitFor();
    await accessible(page, "vote-over");
  });
});
