// The election that was read, and what one can do in it.
import type { JSX } from "preact";
import { Fingerprint, Heading, Minute, Name, Problem, WholeName } from "../common/parts";
import { faultWords, useTexts, visible } from "../common/texts";
import type { Fault, Witnessed } from "../voter/message";
import type { Pending } from "./pending";
import type { Step } from "./step";

/** Who else attests what was read. */
export function WitnessedWords({ witnessed }: { witnessed: Witnessed }): JSX.Element {
  const { t } = useTexts();
  return <>{t(`witnessed-${witnessed.state}`, { number: witnessed.by.length })}</>;
}

export function Start({ election, go, toStart, held, fault, again }: Step & { held: Pending | null; fault: Fault | null; again(): void }): JSX.Element {
  const texts = useTexts();
  const { t } = texts;
  const door = (name: "find" | "voted" | "kept" | "examine", id: string): JSX.Element => (
    <li><button type="button" class="second" onClick={() => go({ name })}>{t(id)}</button></li>
  );
  return (
    <>
      <Heading title={visible(election.title)} error={fault !== null}><Name text={election.title} /></Heading>
      <WholeName text={election.title} />
      <Problem fault={fault} />
      {fault === null ? null : <p class="deeds"><button type="button" onClick={again}>{t("again")}</button></p>}
      {held === null ? null : (
        <div class="state not-cast">
          <p>{t("held")}</p>
          <p><button type="button" onClick={() => go({ name: "casting", ballot: held, kept: true })}>{t("send-again")}</button></p>
        </div>
      )}
      <dl>
        <dt>{t("phase")}</dt>
        <dd>{t(`phase-${election.phase}`)}</dd>
        <dt>{t("opens")}</dt>
        <dd><Minute minutes={election.opening} /></dd>
        <dt>{t("closes")}</dt>
        <dd><Minute minutes={election.closing} /></dd>
      </dl>
      {election.problem === null ? (
        <>
          <p>{t("before", { number: election.registrars.length })}</p>
          <p class="deeds"><button type="button" onClick={() => go({ name: "codes" })}>{t("start")}</button></p>
        </>
      ) : (
        <p class="state">{faultWords(texts, election.problem)}</p>
      )}
      <h2>{t("also")}</h2>
      <ul class="links">
        {door("find", "find")}
        {door("voted", "voted")}
        {door("kept", "kept-receipt")}
        {door("examine", "examine")}
        <li><button type="button" class="second" onClick={toStart}>{t("read-again")}</button></li>
      </ul>
      <h2>{t("fingerprint")}</h2>
      <p>{t("fingerprint-why")}</p>
      <Fingerprint fingerprint={election.fingerprint} />
      <h2>{t("log")}</h2>
      <p>{t("log-read", { entries: election.entries })} <WitnessedWords witnessed={election.witnessed} /></p>
      {election.pages === null ? null : (
        <details>
          <summary>{t("pages")}</summary>
          <p>{t("pages-why")}</p>
          <Fingerprint fingerprint={election.pages.bundle} />
          {election.pages.boards.length === 0 ? <p>{t("pages-here")}</p> : (
            <>
              <p>{t("pages-boards")}</p>
              <ul>{election.pages.boards.map((board) => <li key={board}><Name text={board} /></li>)}</ul>
            </>
          )}
        </details>
      )}
      {election.clock.length === 0 ? null : <div class="note" lang="en">{election.clock.map((line) => <p key={line}>{visible(line)}</p>)}</div>}
    </>
  );
}
