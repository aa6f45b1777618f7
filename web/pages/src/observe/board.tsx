// The live board: where the election stands, who attests it, and what is awaited (WEB-50, WEB-51).
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Fingerprint, Heading, Minute, Name, Problem, WholeName } from "../common/parts";
import { useTask } from "../common/task";
import { short, useTexts, visible } from "../common/texts";
import type { Verifying } from "../verifying/client";
import type { EntryView, LookView, Methods } from "../verifying/message";
import { counted, entryWords, timeOf } from "./names";

/** What other copies of the record say, by address. */
export type Copies = Record<string, Methods["compare"][1] | null>;

export function Board({ look, story, client, copies, keep }: {
  look: LookView; story: EntryView[]; client: Verifying; copies: Copies; keep(copies: Copies): void;
}): JSX.Element {
  const texts = useTexts();
  const { t, language } = texts;
  return (
    <>
      <Heading title={visible(look.title)}><Name text={look.title} /></Heading>
      <WholeName text={look.title} />
      {look.fault === null ? null : (
        <div class="problem"><h2>{t("look-fault")}</h2><p>{t("look-fault-why", { entry: look.fault.index })}</p><p lang="en">{visible(look.fault.text)}</p></div>
      )}
      <p class="state" role="status">{t(`phase-${look.phase}`)}</p>
      <p>{t("look-not-verified")}</p>
      <dl>
        <dt>{t("opening")}</dt><dd><Minute minutes={look.opening} /></dd>
        <dt>{t("closing")}</dt><dd><Minute minutes={look.closing} /></dd>
        <dt>{t("last-entry")}</dt><dd>{look.entries === 0 ? null : <Minute minutes={look.last} />}</dd>
        <dt>{t("size-of-record")}</dt><dd>{new Intl.NumberFormat(language).format(look.entries)}</dd>
      </dl>
      <h2>{t("fingerprint")}</h2>
      <p>{t("fingerprint-compare")}</p>
      <Fingerprint fingerprint={look.fingerprint} />
      <Turnout look={look} />
      <Witnesses look={look} />
      <Mirrors look={look} client={client} copies={copies} keep={keep} />
      <h2>{t("ceremony")}</h2>
      <p>{t("ceremony-plan", counted(language, { number: look.threshold, all: look.trustees.length }))}</p>
      <p>{t(look.stage < 5 ? "ceremony-now" : look.phase === "failed" ? "ceremony-failed" : "ceremony-done", { stage: look.stage })}</p>
      {look.left.map((number) => <p key={number}>{t("ceremony-left", { name: short(look.trustees[number - 1] ?? "") })}</p>)}
      <details>
        <summary>{t("story")}</summary>
        <ol class="story">
          {story.map((entry) => (
            <li key={entry.index}>
              {entryWords(texts, look, entry)} <span class="quiet">{timeOf(language, entry.time)}, {t("entry-number", { index: entry.index })}</span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

function Turnout({ look }: { look: LookView }): JSX.Element {
  const { t, language } = useTexts();
  const write = new Intl.NumberFormat(language);
  const shown = look.turnout;
  const [first, last] = [shown[0]?.[0] ?? 0, shown.at(-1)?.[0] ?? 0];
  const points = [[first, 0] as const, ...shown].map(([time, ballots]) =>
    `${(100 * (time - first)) / Math.max(1, last - first)},${40 - (40 * ballots) / Math.max(1, look.ballots)}`);
  return (
    <section aria-labelledby="turnout">
      <h2 id="turnout">{t("turnout")}</h2>
      <dl>
        <dt>{t("roll")}</dt><dd>{write.format(look.roll)}</dd>
        <dt>{t("have-voted")}</dt><dd>{write.format(look.voters)}{look.roll === 0 ? "" : ` (${new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(look.voters / look.roll)})`}</dd>
        <dt>{t("ballots")}</dt><dd>{write.format(look.ballots)}</dd>
        <dt>{t("audits")}</dt><dd>{write.format(look.audits)}</dd>
      </dl>
      <p class="quiet">{t("ballots-why")}</p>
      {shown.length < 2 ? null : (
        <>
          <details>
            <summary>{t("turnout-table")}</summary>
            <table>
              <caption>{t("turnout-over-time")}</caption>
              <thead><tr><th scope="col">{t("time")}</th><th scope="col" class="number">{t("ballots")}</th></tr></thead>
              <tbody>{shown.map(([time, ballots]) => <tr key={time}><th scope="row">{timeOf(language, time)}</th><td class="number">{write.format(ballots)}</td></tr>)}</tbody>
            </table>
          </details>
          <svg class="line" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={t("turnout-over-time")}>
            <polyline points={points.join(" ")} fill="none" vector-effect="non-scaling-stroke" />
          </svg>
        </>
      )}
    </section>
  );
}

function Witnesses({ look }: { look: LookView }): JSX.Element {
  const { t, language } = useTexts();
  return (
    <section aria-labelledby="witnesses">
      <h2 id="witnesses">{t("witnesses")}</h2>
      <p>{t(`witnessed-${look.witnessed}`)}</p>
      {look.witnesses.length === 0 ? null : (
        <table>
          <caption>{t("witnesses")}</caption>
          <thead><tr><th scope="col">{t("witness")}</th><th scope="col">{t("cosigned-at")}</th></tr></thead>
          <tbody>{look.witnesses.map(([name, seconds]) => <tr key={name}><th scope="row"><Name text={name} /></th><td>{seconds === 0 ? t("never") : timeOf(language, Math.floor(seconds / 60))}</td></tr>)}</tbody>
        </table>
      )}
    </section>
  );
}

/** Other copies of the record: they must be of the same log. */
function Mirrors({ look, client, copies, keep }: { look: LookView; client: Verifying; copies: Copies; keep(copies: Copies): void }): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const [address, setAddress] = useState("");
  const compare = (board: string): void => task.run(async () => {
    keep({ ...copies, [board]: await client.call("compare", { board, election: look.fingerprint }) });
  });
  const known = Object.entries(copies);
  return (
    <section aria-labelledby="mirrors">
      <h2 id="mirrors">{t("mirrors")}</h2>
      <p>{t("mirrors-why")}</p>
      {known.length === 0 ? null : (
        <table>
          <caption>{t("mirrors")}</caption>
          <thead><tr><th scope="col">{t("address")}</th><th scope="col">{t("what-it-says")}</th></tr></thead>
          <tbody>{known.map(([board, copy]) => <tr key={board}><th scope="row">{visible(board)}</th><td>{copy === null ? "" : t(`copy-${copy.verdict}`, { size: copy.size })}</td></tr>)}</tbody>
        </table>
      )}
      <form onSubmit={(event) => { event.preventDefault(); compare(address.trim()); }} noValidate>
        <Problem fault={task.fault} field="mirror" />
        <div class="field">
          <label for="mirror">{t("mirror-address")}</label>
          <input id="mirror" type="url" class="wide-field" autoComplete="off" spellcheck={false} value={address} onInput={(event) => setAddress(event.currentTarget.value)} />
        </div>
        <p class="deeds"><button type="submit" class="second" disabled={task.busy || address.trim() === ""}>{t("compare")}</button></p>
      </form>
    </section>
  );
}
