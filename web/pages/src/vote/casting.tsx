// The signed ballot on its way, as often as it takes (WEB-46); then the receipt. A board that lies is told of (WEB-49).
import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Copy, Heading, Name, Problem, Save, Tracker } from "../common/parts";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import type { CastView } from "../voter/message";
import { drop, type Pending } from "./pending";
import { WitnessedWords } from "./start";
import { Qr } from "./qr";
import type { Step } from "./step";

export function Casting({ client, election, ballot, kept, done, toStart }: Step & { ballot: Pending; kept: boolean; done(): void }): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const { run } = task;
  const [result, setResult] = useState<CastView | null>(null);
  const send = useCallback((): void => run(async () => setResult(await client.call("send", { submission: ballot.submission }))), [run, client, ballot]);
  useEffect(send, [send]);

  // What is decided need not be kept; what is unknown, and what a lying board was sent, stays until it is decided.
  const decided = result !== null && result.state !== "unknown" && result.state !== "lie";
  useEffect(() => {
    if (!decided) return;
    done();
    drop(election.fingerprint).catch(() => undefined);
  }, [decided, done, election.fingerprint]);
  useEffect(() => {
    if (decided || kept) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [decided, kept]);

  const finish = <button type="button" class="second" onClick={toStart}>{t("finish")}</button>;
  if (task.busy || (result === null && task.fault === null)) {
    return (
      <>
        <Heading key="sending" title={t("sending")}>{t("sending")}</Heading>
        <p role="status">{t("sending-wait")}</p>
      </>
    );
  }
  if (result === null || result.state === "unknown") {
    return (
      <>
        <Heading key="unknown" title={t("unknown")} error>{t("unknown")}</Heading>
        <Problem fault={result?.fault ?? task.fault} />
        <p class="state not-cast">{t("unknown-state")}</p>
        <p>{t(kept ? "unknown-kept" : "unknown-not-kept")}</p>
        <h2>{t("tracker")}</h2>
        <Tracker tracker={ballot.tracker} />
        <p class="deeds"><button type="button" onClick={send}>{t("send-again")}</button></p>
      </>
    );
  }
  switch (result.state) {
    case "recorded":
      return <Recorded client={client} title={election.title} result={result} finish={finish} />;
    case "displaced":
      return (
        <>
          <Heading key="displaced" title={t("displaced")}>{t("displaced")}</Heading>
          <p class="state">{t("displaced-state")}</p>
          <p>{t("displaced-why", { entry: result.index })}</p>
          <Tracker tracker={result.tracker} />
          <p class="deeds">{finish}</p>
        </>
      );
    case "refused":
      return (
        <>
          <Heading key="refused" title={t("refused")} error>{t("refused")}</Heading>
          <Problem fault={result.fault} />
          <p class="state not-cast">{t("not-cast")}</p>
          <p>{t("refused-why")}</p>
          <p class="deeds">{finish}</p>
        </>
      );
    case "lie":
      return (
        <>
          <Heading key="lie" title={t("lie")} error>{t("lie")}</Heading>
          <Problem fault={result.fault} />
          <p class="state not-cast">{t("lie-state")}</p>
          <p>{t("lie-why")}</p>
          <p class="deeds">
            <Save name="board-answer.evidence.txt" what={result.evidence}>{t("save-evidence")}</Save>
            <button type="button" onClick={send}>{t("send-again")}</button>
          </p>
        </>
      );
  }
}

function Recorded({ client, title, result, finish }: { client: Step["client"]; title: string; result: CastView & { state: "recorded" }; finish: JSX.Element }): JSX.Element {
  const { t } = useTexts();
  return (
    <>
      <Heading key="recorded" title={t("recorded")}>{t("recorded")}</Heading>
      <p class="state cast" role="status">{t("recorded-state")}</p>
      <p><Name text={title} /></p>
      <h2>{t("tracker")}</h2>
      <Tracker tracker={result.tracker} />
      <p>{t("recorded-entry", { entry: result.index })}</p>
      <p>{t("receipt-what")} <WitnessedWords witnessed={result.witnessed} /></p>
      <p class="deeds">
        <Save name="ballot-receipt.tlog-proof" what={result.receipt}>{t("save-receipt")}</Save>
        <Copy text={result.tracker}>{t("copy-tracker")}</Copy>
        <button type="button" class="second" onClick={() => print()}>{t("print")}</button>
      </p>
      <Qr client={client} text={result.tracker} label={t("qr-tracker")} />
      {result.witnessed.state === "awaiting" ? <p class="note">{t("receipt-awaiting")}</p> : null}
      <p>{t("receipt-not")}</p>
      <p class="deeds">{finish}</p>
    </>
  );
}
