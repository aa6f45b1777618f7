// After the vote: the record is read again to its end and searched here, so that nobody learns what for (BAL-40, WEB-48).
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Heading, Minute, Name, Problem, Reading, Save, Tracker } from "../common/parts";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import type { Methods, VotedView } from "../voter/message";
import { CodesForm } from "./codes";
import { WitnessedWords } from "./start";
import type { Step } from "./step";

export function FindBallot({ client, toStart }: Step): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const [tracker, setTracker] = useState("");
  const [found, setFound] = useState<VotedView | null>(null);
  const find = (event: Event): void => {
    event.preventDefault();
    setFound(null);
    task.run(async (progress) => setFound(await client.call("find", { tracker }, progress)));
  };
  return (
    <>
      <form onSubmit={find} noValidate>
        <Heading title={t("find")} error={task.fault !== null}>{t("find")}</Heading>
        <Problem fault={task.fault} field="tracker" />
        <p>{t("find-why")}</p>
        <div class="field">
          <label for="tracker">{t("tracker")}</label>
          <p class="hint" id="tracker-hint">{t("tracker-hint")}</p>
          <input id="tracker" class="code" autoComplete="off" spellcheck={false} aria-describedby="tracker-hint" value={tracker} onInput={(event) => setTracker(event.currentTarget.value)} />
        </div>
        <p class="deeds">
          <button type="submit" disabled={task.busy}>{t("search")}</button>
          <button type="button" class="second" onClick={toStart}>{t("back")}</button>
        </p>
      </form>
      {task.busy ? <Reading progress={task.progress} /> : null}
      {found === null ? null : <Ballots client={client} view={found} none={t("find-none")} />}
    </>
  );
}

export function Voted(step: Step): JSX.Element {
  const { t } = useTexts();
  const [found, setFound] = useState<VotedView | null>(null);
  if (found === null) {
    return <CodesForm {...step} heading={t("voted")} deed={t("search")} use={async (codes) => setFound(await step.client.call("voted", { codes }))} />;
  }
  return (
    <>
      <Heading title={t("voted")}>{t("voted")}</Heading>
      <Ballots client={step.client} view={found} none={t("voted-none")} />
      <p class="deeds"><button type="button" class="second" onClick={step.toStart}>{t("back")}</button></p>
    </>
  );
}

/** Ballots of the record and what became of them. */
function Ballots({ client, view, none }: { client: Step["client"]; view: VotedView; none: string }): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const [receipts, setReceipts] = useState<Record<string, string>>({});
  const receipt = (tracker: string): void => task.run(async (progress) => {
    const made = await client.call("receipt", { tracker }, progress);
    setReceipts((old) => ({ ...old, [tracker]: made.receipt }));
  });
  return (
    <section aria-labelledby="found">
      <h2 id="found">{t("found", { number: view.found.length })}</h2>
      {view.found.length === 0 ? <p class="state" role="status">{none}</p> : null}
      {view.found.map((one) => {
        const made = receipts[one.tracker];
        return (
          <div class="answer" key={one.index}>
            <Tracker tracker={one.tracker} />
            <p>{t("recorded-entry", { entry: one.index })} <Minute minutes={one.time} /></p>
            <p class={one.fate === "counts" ? "state cast" : "state"} role="status">{t(`fate-${one.fate}`, { later: one.later ?? 0 })}</p>
            {one.reason === undefined ? null : <p>{t("reason")} <Name text={one.reason} /></p>}
            {one.fate === "audited" ? null : made === undefined
              ? <p><button type="button" class="second" disabled={task.busy} onClick={() => receipt(one.tracker)}>{t("make-receipt")}</button></p>
              : <p><Save name="ballot-receipt.tlog-proof" what={made}>{t("save-receipt")}</Save></p>}
          </div>
        );
      })}
      <Problem fault={task.fault} />
      <p class="quiet">{t("log-read", { entries: view.entries })} <WitnessedWords witnessed={view.witnessed} /></p>
    </section>
  );
}

export function KeptReceipt({ client, toStart }: Step): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const [checked, setChecked] = useState<Methods["check-receipt"][1] | null>(null);
  const check = (file: File | undefined): void => {
    if (file === undefined) return;
    setChecked(null);
    task.run(async () => setChecked(await client.call("check-receipt", { receipt: await file.slice(0, 100_000).text() })));
  };
  return (
    <>
      <Heading title={t("kept-receipt")} error={task.fault !== null}>{t("kept-receipt")}</Heading>
      <Problem fault={task.fault} field="receipt-file" />
      <p>{t("kept-why")}</p>
      <div class="field">
        <label for="receipt-file">{t("receipt-file")}</label>
        <input id="receipt-file" type="file" onChange={(event) => check(event.currentTarget.files?.[0])} />
      </div>
      {checked === null ? null : (
        <div role="status">
          <p class="state cast">{t("receipt-good")}</p>
          <Tracker tracker={checked.tracker} />
          <p>{t("recorded-entry", { entry: checked.index })} <Minute minutes={checked.time} /> <WitnessedWords witnessed={checked.witnessed} /></p>
        </div>
      )}
      <p class="deeds"><button type="button" class="second" onClick={toStart}>{t("back")}</button></p>
    </>
  );
}
