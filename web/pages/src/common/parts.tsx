// What every page is made of.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { faultWords, short, useTexts, visible } from "./texts";
import type { Fault, Progress } from "./worker";

/** A name from an election: isolated, its controls shown, cut where it is long. */
export function Name({ text }: { text: string }): JSX.Element {
  return <bdi>{short(text)}</bdi>;
}

/** All of a name that {@link Name} cuts. */
export function WholeName({ text }: { text: string }): JSX.Element | null {
  const { t } = useTexts();
  const whole = visible(text);
  if (short(text) === whole) return null;
  return <details><summary>{t("whole-name")}</summary><bdi>{whole}</bdi></details>;
}

/** The heading of a step: takes the focus when the step begins, and names the page. */
export function Heading({ children, title, error = false }: { children: ComponentChildren; title: string; error?: boolean }): JSX.Element {
  const { t } = useTexts();
  const own = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = error ? t("title-error", { title }) : t("title", { title });
  }, [title, error, t]);
  useEffect(() => own.current?.focus(), []);
  return <h1 tabIndex={-1} ref={own}>{children}</h1>;
}

/** What went wrong, said where it is heard, with a link to the field to mend. */
export function Problem({ fault, field, heading }: { fault: Fault | null; field?: string; heading?: string }): JSX.Element | null {
  const texts = useTexts();
  const own = useRef<HTMLDivElement>(null);
  useEffect(() => own.current?.focus(), [fault]);
  if (fault === null) return null;
  const words = faultWords(texts, fault);
  return (
    <div class="problem" role="group" aria-labelledby="problem" tabIndex={-1} ref={own}>
      <h2 id="problem">{heading ?? texts.t("problem")}</h2>
      <p>{field === undefined ? words : <a href={`#${field}`} onClick={(event) => goTo(event, field)}>{words}</a>}</p>
      <details><summary>{texts.t("details")}</summary><p lang="en">{fault.rule === undefined ? "" : `${fault.rule}: `}{visible(fault.text)}</p></details>
    </div>
  );
}

function goTo(event: Event, field: string): void {
  event.preventDefault();
  document.getElementById(field)?.focus();
}

/** How far reading has come, or another work. */
export function Reading({ progress, words = "reading" }: { progress: Progress | null; words?: string }): JSX.Element {
  const { t } = useTexts();
  return (
    <div class="reading">
      <p role="status">{t(words)}</p>
      {progress === null || progress.total === 0 ? null : <progress aria-label={t(words)} max={progress.total} value={progress.done} />}
    </div>
  );
}

/** Saves text or bytes as a file. */
export function Save({ name, what, children }: { name: string; what: string | Uint8Array<ArrayBuffer>; children: ComponentChildren }): JSX.Element {
  const save = (): void => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([what], { type: typeof what === "string" ? "text/plain" : "application/octet-stream" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  return <button type="button" class="second" onClick={save}>{children}</button>;
}

/** Copies text, and says so. */
export function Copy({ text, children }: { text: string; children: ComponentChildren }): JSX.Element {
  const { t } = useTexts();
  const [done, setDone] = useState("");
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(() => setDone(t("copied")), () => setDone(t("not-copied")));
  };
  return <><button type="button" class="second" onClick={copy}>{children}</button><span role="status">{done}</span></>;
}

/** A tracker, in groups that can be read aloud. */
export function Tracker({ tracker }: { tracker: string }): JSX.Element {
  return <p class="tracker" translate={false} dir="ltr">{tracker}</p>;
}

/** An election's fingerprint, in groups that can be compared by eye. */
export function Fingerprint({ fingerprint }: { fingerprint: string }): JSX.Element {
  return <p class="print" translate={false} dir="ltr">{fingerprint.match(/.{1,8}/g)?.join(" ")}</p>;
}

/** A time of the record: minutes since 1970. */
export function Minute({ minutes }: { minutes: number }): JSX.Element {
  const { language } = useTexts();
  const date = new Date(minutes * 60_000);
  const words = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }).format(date);
  return <time dateTime={date.toISOString()}>{words}</time>;
}
