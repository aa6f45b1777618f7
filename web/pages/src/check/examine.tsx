// The second device (BAL-32): it has read the election itself, seals the opened ballot again and says what it holds.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Fingerprint, Heading, Name, Problem, Tracker } from "../common/parts";
import { Scan } from "../vote/scan";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import { FaultError } from "../voter/client";
import type { FindingsView } from "../voter/message";
import type { Step } from "../vote/step";
import { SelectionWords } from "../vote/words";

const LONGEST = 150_000;

/** A saved opening is bytes; the worker takes base64. */
async function openingOf(file: File): Promise<string> {
  if (file.size > LONGEST) throw new FaultError({ code: "opening-form", text: "longer than any opened ballot" });
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function Examine({ client, election, toStart }: Step): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const [opening, setOpening] = useState("");
  const [tracker, setTracker] = useState("");
  const [found, setFound] = useState<FindingsView | null>(null);
  const [word, setWord] = useState("");
  const check = (event: Event): void => {
    event.preventDefault();
    setFound(null);
    task.run(async () => {
      if (opening.trim() === "") throw new FaultError({ code: "opening-missing", text: "no opened ballot was given" });
      setFound(await client.call("examine", { opening, tracker }));
    });
  };
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    task.run(async () => {
      setOpening(await openingOf(file));
      setWord(t("opening-taken"));
    });
  };
  const cheated = task.fault?.code.startsWith("device-") === true;
  if (found !== null) {
    return (
      <>
        <Heading key="found" title={t("examined")}>{t("examined")}</Heading>
        <p class="state cast" role="status">{t("examined-state")}</p>
        <p>{t("examined-compare")}</p>
        <Tracker tracker={found.tracker} />
        {found.unit === "" ? null : <p class="quiet">{t("unit")} <Name text={found.unit} /></p>}
        {found.contests.map(({ contest, selection }) => (
          <section class="answer" key={contest.index}>
            <h2><Name text={contest.title} /></h2>
            <SelectionWords contest={contest} selection={selection} />
          </section>
        ))}
        <p>{t("examined-after")}</p>
        <p class="deeds"><button type="button" onClick={() => { setFound(null); setOpening(""); setTracker(""); setWord(""); }}>{t("another")}</button></p>
      </>
    );
  }
  const field = task.fault?.code.startsWith("tracker") === true ? "shown-tracker" : "opening-file";
  return (
    <form onSubmit={check} noValidate autoComplete="off">
      <Heading key="ask" title={t("examine")} error={task.fault !== null}>{t("examine")}</Heading>
      {cheated ? <Problem fault={task.fault} heading={t("cheated")} /> : <Problem fault={task.fault} field={field} />}
      {cheated ? <p class="note">{t("cheated-do")}</p> : null}
      <p>{t("examine-why")}</p>
      <h2>{t("examine-election")}</h2>
      <p><Name text={election.title} /></p>
      <Fingerprint fingerprint={election.fingerprint} />
      <div class="field">
        <label for="shown-tracker">{t("shown-tracker")}</label>
        <p class="hint" id="shown-hint">{t("shown-hint")}</p>
        <input id="shown-tracker" class="code" spellcheck={false} autoComplete="off" aria-describedby="shown-hint" value={tracker} onInput={(event) => setTracker(event.currentTarget.value)} />
      </div>
      <h2>{t("opening-how")}</h2>
      <Scan client={client} id="opening-picture" onText={(text) => { setOpening(text); setWord(t("opening-taken")); }} />
      <div class="field">
        <label for="opening-file">{t("opening-file")}</label>
        <input id="opening-file" type="file" onChange={(event) => take(event.currentTarget.files?.[0])} />
      </div>
      <div class="field">
        <label for="opening-text">{t("opening-text")}</label>
        <textarea id="opening-text" spellcheck={false} value={opening} onInput={(event) => setOpening(event.currentTarget.value)} />
      </div>
      <p role="status">{word}</p>
      <p class="deeds">
        <button type="submit" disabled={task.busy}>{t("examine-now")}</button>
        <button type="button" class="second" onClick={toStart}>{t("back")}</button>
      </p>
    </form>
  );
}
