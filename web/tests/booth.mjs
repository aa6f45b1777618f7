// The voting page as a person uses it: by roles and names.
import assert from "node:assert/strict";

export class Booth {
  constructor(page, base, election) {
    Object.assign(this, { page, base, election });
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  heading() {
    return this.page.getByRole("heading", { level: 1 }).innerText();
  }

  async open(view = "") {
    await this.page.goto(`${this.base}/elections/${this.election}/vote.html#${this.election}${view}`);
  }

  async begin(code) {
    await this.button("Start voting").click();
    await this.page.getByLabel("Code").fill(code);
    await this.button("Go on").click();
    await this.page.getByText(/^Contest .?1/).waitFor();
  }

  /** Fills in every contest; gives what was chosen, by contest and in words. `each` is called on every contest. */
  async fill(each = async () => {}) {
    const chosen = {};
    for (let guard = 0; guard < 20; guard += 1) {
      const title = await this.heading();
      if (title === "Look over your ballot") return chosen;
      const main = this.page.getByRole("main");
      const form = main.locator("fieldset").first();
      const [radios, boxes, selects, fields] = ["input[type=radio]", "input[type=checkbox]", "select", "input[type=text]"].map((kind) => form.locator(kind));
      if (title === "The bridge") {
        chosen[title] = ["Build it", "Steel", "Yes, a toll"];
        for (const name of chosen[title]) await main.getByLabel(name, { exact: true }).check();
      } else if (await selects.count() > 0 && await this.page.getByRole("button", { name: /^Move .* up$/ }).count() > 0) {
        const up = this.page.getByRole("button", { name: /^Move .* up$/ });
        chosen[title] = [];
        for (let place = 0; place < Math.min(3, await up.count()); place += 1) {
          chosen[title].push((await up.nth(place).innerText()).replace(/^.*Move (.*) up$/s, "$1").replace(/[\u2068\u2069]/g, ""));
          await up.nth(place).click();
        }
      } else if (await selects.count() > 0) {
        await selects.first().selectOption("3");
      } else if (await fields.count() > 0) {
        await fields.first().fill(title.includes("money") ? "500" : "5");
      } else if (await boxes.count() > 0) {
        await boxes.first().check();
        chosen[title] = [await boxes.first().locator("xpath=..").innerText()];
      } else {
        await radios.first().check();
        chosen[title] = [await radios.first().locator("xpath=..").innerText()];
      }
      await each(title);
      await this.button("Next").click();
      await this.page.waitForFunction((old) => document.querySelector("h1")?.innerText !== old || document.querySelector(".problem") !== null, title);
      assert.equal(await this.page.locator(".problem").count(), 0, `${title}: ${await this.page.locator(".problem").allInnerTexts()}`);
    }
    throw new Error("the ballot does not end");
  }

  /** Seals; gives the tracker. */
  async seal() {
    await this.button("Seal my ballot").click();
    await this.button("Cast my ballot").waitFor();
    assert.match(await this.page.locator(".state").innerText(), /NOT cast/);
    return this.tracker();
  }

  tracker() {
    return this.page.locator(".tracker").first().innerText();
  }

  /** Casts; ends at whatever the board makes of it. */
  async cast() {
    await this.button("Cast my ballot").click();
    await this.page.locator(".state.cast, .problem").first().waitFor();
    return this.heading();
  }
}
