// Around every page: skip link, language, how it looks, help.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { LANGUAGES, TextsContext, firstLanguage, textsOf } from "./texts";

const THEMES = ["auto", "light", "dark", "contrast"] as const;
const SIZES = ["s", "m", "l", "xl"] as const;

/** One of a few values; what was chosen is remembered by this browser. How a page looks is all that is ever remembered that way. */
function useKept<T extends string>(name: string, values: readonly T[], first: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => values.find((one) => one === localStorage.getItem(name)) ?? first);
  useEffect(() => { document.documentElement.dataset[name] = value; }, [name, value]);
  const keep = (chosen: T): void => {
    localStorage.setItem(name, chosen);
    setValue(chosen);
  };
  return [value, keep];
}

/** `help` is in the same place on every step (WCAG 2.2, 3.2.6). */
export function Shell({ help, children }: { help: () => JSX.Element; children: ComponentChildren }): JSX.Element {
  const [language, setLanguage] = useState(firstLanguage);
  const [theme, setTheme] = useKept("theme", THEMES, "auto");
  const [size, setSize] = useKept("size", SIZES, "m");
  const texts = useMemo(() => textsOf(language), [language]);
  const { t } = texts;
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
    document.documentElement.dir = "ltr";
  }, [language]);
  const speak = (tag: string): void => {
    localStorage.setItem("language", tag);
    setLanguage(tag);
  };
  const Help = help;
  return (
    <TextsContext.Provider value={texts}>
      <a class="skip" href="#main" onClick={(event) => {
        // The fragment names the election: a link that changed it would open another page.
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}>{t("skip")}</a>
      <header class="top">
        <p class="brand" translate={false}>Vitrine</p>
        <nav aria-label={t("languages")}>
          <ul>
            {LANGUAGES.map(([tag, name]) => (
              <li key={tag}>
                <button type="button" class="plain" lang={tag === "zh" ? "zh-Hans" : tag} aria-pressed={tag === language} onClick={() => speak(tag)}>{name}</button>
              </li>
            ))}
          </ul>
        </nav>
        <details class="look">
          <summary>{t("look")}</summary>
          <div class="look-box">
            <label>{t("theme")}
              <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as typeof theme)}>
                {THEMES.map((one) => <option key={one} value={one}>{t(`theme-${one}`)}</option>)}
              </select>
            </label>
            <label>{t("size")}
              <select value={size} onChange={(event) => setSize(event.currentTarget.value as typeof size)}>
                {SIZES.map((one) => <option key={one} value={one}>{t(`size-${one}`)}</option>)}
              </select>
            </label>
          </div>
        </details>
      </header>
      <main id="main" tabIndex={-1}>{children}</main>
      <footer>
        <details class="help">
          <summary>{t("help")}</summary>
          <Help />
        </details>
      </footer>
    </TextsContext.Provider>
  );
}
