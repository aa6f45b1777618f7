// Texts in the voter's language, from Fluent files; one folder for each language (WEB-40).
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Fault } from "./worker";

/** Tag, and name in the language itself. A further language is one line here, and a folder of files. */
export const LANGUAGES: readonly [string, string][] = [
  ["en", "English"],
  ["zh", "中文"],
];

const sources = new Map<string, string[]>();

/** What this page says in a language; of two texts with one name the first counts. */
export function speak(language: string, ...files: string[]): void {
  sources.set(language, files);
}

export interface Texts {
  language: string;
  t(id: string, params?: Record<string, FluentVariable>): string;
  has(id: string): boolean;
}

/** The texts of a language; what it lacks is in English. */
export function textsOf(language: string): Texts {
  const bundles = [...new Set([language, "en"])].map((tag) => {
    const bundle = new FluentBundle(tag === "zh" ? "zh-Hans" : tag);
    for (const file of sources.get(tag) ?? []) bundle.addResource(new FluentResource(file));
    return bundle;
  });
  const message = (id: string): [FluentBundle, string | object] | undefined => {
    for (const bundle of bundles) {
      const value = bundle.getMessage(id)?.value;
      if (value !== undefined && value !== null) return [bundle, value];
    }
    return undefined;
  };
  return {
    language,
    has: (id) => message(id) !== undefined,
    t: (id, params = {}) => {
      const found = message(id);
      return found === undefined ? id : found[0].formatPattern(found[1] as never, params, []);
    },
  };
}

/** The language that was chosen before, or the browser's, or English. */
export function firstLanguage(): string {
  const known = (tag: string | null): boolean => LANGUAGES.some(([name]) => name === tag);
  const kept = localStorage.getItem("language");
  if (kept !== null && known(kept)) return kept;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find(known) ?? "en";
}

export const TextsContext = createContext<Texts>({ language: "en", t: (id) => id, has: () => false });

export function useTexts(): Texts {
  return useContext(TextsContext);
}

/** What to tell about a fault: its own words, or the general ones. */
export function faultWords({ t, has }: Texts, fault: Fault): string {
  const id = `fault-${fault.code}`;
  const params = Object.fromEntries(Object.entries(fault.params ?? {}).map(([name, value]) => [name, /^[0-9]{1,9}$/.test(value) ? Number(value) : short(value)]));
  return t(has(id) ? id : "fault-other", params);
}

const LONG = 200;

/** A name for use in a sentence: harmless, and cut where it is long. */
export function short(text: string): string {
  const letters = [...visible(text)];
  return letters.length > LONG ? `${letters.slice(0, LONG).join("")}…` : letters.join("");
}

/** Hostile text made harmless to read: controls and direction marks are shown as what they are. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (mark) =>
    `[U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`);
}
