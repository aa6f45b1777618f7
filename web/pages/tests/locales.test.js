// WEB-40: both languages say the same things, and everything that the pages say is there.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { FluentBundle, FluentResource } from "@fluent/bundle";

const sources = path.join(import.meta.dirname, "../src");
const read = (...parts) => readFileSync(path.join(sources, ...parts), "utf8");
const files = (folder) => readdirSync(path.join(sources, folder), { recursive: true }).map((file) => path.join(folder, file));

function texts(language, file) {
  const resource = new FluentResource(read("locales", language, file));
  return new Map(resource.body.map((entry) => [entry.id, parameters(entry.value)]));
}

/** The parameters of a pattern. */
function parameters(pattern) {
  const found = new Set();
  const walk = (node) => {
    if (node === null || typeof node !== "object") return;
    if (node.type === "var") found.add(node.name);
    for (const part of Object.values(node)) walk(part);
  };
  walk(pattern);
  return found;
}

for (const file of readdirSync(path.join(sources, "locales/en"))) {
  test(`${file}: every language has the same texts and parameters`, () => {
    const english = texts("en", file);
    // A line that the parser drops is a mistake too.
    const lines = read("locales/en", file).match(/^[a-z][a-z0-9-]* =/gm).length;
    assert.equal(english.size, lines);
    for (const language of readdirSync(path.join(sources, "locales"))) {
      const other = texts(language, file);
      assert.deepEqual([...other.keys()].sort(), [...english.keys()].sort(), language);
      for (const [id, names] of english) {
        for (const name of other.get(id)) assert.ok(names.has(name), `${language}: ${id} has { $${name} }, English has not`);
      }
    }
  });
}

const PAGES = [
  ["vote", ["common.ftl", "vote.ftl"], ["vote", "check", "common"]],
  ["observe", ["common.ftl", "observe.ftl", "board.ftl"], ["observe", "common"]],
  ["offline", ["common.ftl", "observe.ftl", "board.ftl"], ["offline"]],
];
const all = (...names) => new Map(names.flatMap((name) => [...texts("en", name)]));

for (const [page, locales, folders] of PAGES) test(`no text that the page ${page} names is missing`, () => {
  const known = all(...locales);
  const code = folders.flatMap(files).filter((file) => /\.tsx?$/.test(file)).map((file) => read(file)).join("\n");
  for (const [, id] of code.matchAll(/\bt\("([a-z0-9-]+)"/g)) assert.ok(known.has(id), id);
  for (const [, one, other] of code.matchAll(/\bt\([^()]*\? "([a-z0-9-]+)" : "([a-z0-9-]+)"/g)) {
    assert.ok(known.has(one), one);
    assert.ok(known.has(other), other);
  }
  for (const [, code_] of code.matchAll(/\bcode: "([a-z0-9-]+)"/g)) assert.ok(known.has(`fault-${code_}`), code_);
});

test("every fault of the voter's module has words", () => {
  const known = all("common.ftl", "vote.ftl");
  const rust = readFileSync(path.join(sources, "../../../ballot-client/src/page/fault.rs"), "utf8");
  const codes = [...rust.matchAll(/(?:new|fault)\("([a-z][a-z-]+)"|=> "([a-z][a-z-]+)",/g)].map((found) => found[1] ?? found[2]);
  assert.ok(codes.length > 40);
  for (const code of codes) assert.ok(known.has(`fault-${code}`), code);
});

test("a text with a hostile name keeps it apart", () => {
  const bundle = new FluentBundle("en");
  bundle.addResource(new FluentResource(read("locales/en/vote.ftl")));
  const words = bundle.formatPattern(bundle.getMessage("move-up").value, { name: "\u202Eevil" });
  assert.ok(words.includes("\u2068\u202Eevil\u2069"));
});
