// Every entry in words, and the search for a tracker, which asks nobody (WEB-54).
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Heading, Name, Problem } from "../common/parts";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import type { Verifying } from "../verifying/client";
import type { EntryView, LookView } from "../verifying/message";
import { counted, entryWords, timeOf } from "./names";

const PAGE = 50;

export function Entries({ look, client }: { look: LookView; client: Verifying }): JSX.Element {
  const { t, language } = useTexts();
  const task = useTask();
  const { run } = task;
  const newest = Math.max(0, look.entries - PAGE);
  const [from, setFrom] = useState(newest);
  const [shown, setShown] = useState<EntryView[]>([]);
  const [tracker, setTracker] = useState("");
  const [found, setFound] = useState<EntryView[] | null>(null);
  useEffect(() => run(async () => setShown(await client.call("entries", { from, count: PAGE }))), [run, client, from, look.entries]);
  const find = (event: Event): void => {
    event.preventDefault();
    setFound(null);
    run(async () => setFound(await client.call("find", { tracker })));
  };
  return (
    <>
      <Heading title={t("entries")} error={task.fault !== null}>{t("entries")}</Heading>
      <Problem fault={task.fault} field="tracker" />
      <form onSubmit={find} noValidate>
        <div class="field">
          <label for="tracker">{t("search-tracker")}</label>
          <p class="hint" id="tracker-hint">{t("search-hint")}</p>
          <input id="tracker" class="code" autoComplete="off" spellcheck={false} aria-describedby="tracker-hint" value={tracker} onInput={(event) => setTracker(event.currentTarget.value)} />
        </div>
        <p class="deeds"><button type="submit" disabled={task.busy}>{t("search")}</button></p>
      </form>
      <div role="status">{found === null ? null : <p>{t("search-found", { number: found.length })}</p>}</div>
      {found === null || found.length === 0 ? null : <List caption={t("search-results")} entries={found} look={look} client={client} />}
      <List caption={t("span", counted(language, { from: shown[0]?.index ?? 0, to: shown.at(-1)?.index ?? 0, all: look.entries }))} entries={shown} look={look} client={client} />
      <p class="deeds">
        <button type="button" class="second" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - PAGE))}>{t("earlier")}</button>
        <button type="button" class="second" disabled={from >= newest} onClick={() => setFrom(Math.min(newest, from + PAGE))}>{t("later")}</button>
      </p>
    </>
  );
}

function List({ caption, entries, look, client }: { caption: string; entries: EntryView[]; look: LookView; client: Verifying }): JSX.Element {
  const texts = useTexts();
  const { t, language } = texts;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="entries">
        <caption>{caption}</caption>
        <thead><tr><th scope="col" class="number">{t("number")}</th><th scope="col" class="when">{t("time")}</th><th scope="col">{t("what")}</th></tr></thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.index}>
              <th scope="row" class="number">{entry.index}</th>
              <td>{timeOf(language, entry.time)}</td>
              <td>
                {entryWords(texts, look, entry)}
                {entry.tracker === undefined ? null : <p class="print" translate={false} dir="ltr">{entry.tracker}</p>}
                {entry.says["text"] === undefined ? null : <p><Name text={entry.says["text"]} /></p>}
                {entry.says["reason"] === undefined ? null : <p><Name text={entry.says["reason"]} /></p>}
                <Bytes entry={entry} client={client} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** All of an entry: its fields, its hash, and its very bytes. */
function Bytes({ entry, client }: { entry: EntryView; client: Verifying }): JSX.Element {
  const { t } = useTexts();
  const [bytes, setBytes] = useState<string | null>(null);
  const open = (event: Event): void => {
    if ((event.currentTarget as HTMLDetailsElement).open && bytes === null) {
      client.call("entry", { index: entry.index }).then(setBytes, () => setBytes(""));
    }
  };
  return (
    <details onToggle={open}>
      <summary>{t("details")}<span class="hidden"> {t("entry-number", { index: entry.index })}</span></summary>
      <dl>
        {Object.entries(entry.says).map(([name, value]) => <div key={name}><dt lang="en">{name}</dt><dd><Name text={value} /></dd></div>)}
        <dt>{t("hash")}</dt><dd class="bytes" translate={false}>{entry.hash}</dd>
        <dt>{t("bytes", { number: entry.bytes })}</dt><dd class="bytes" translate={false}>{bytes ?? "…"}</dd>
      </dl>
    </details>
  );
}
