// What a verification came to: verdict, checks, and results as tables first and bars second (WEB-53).
import type { JSX } from "preact";
import { Fingerprint, Name, Save, WholeName } from "../common/parts";
import { short, useTexts, visible } from "../common/texts";
import type { ContestResult, Report, VerifyResult } from "../verifying/message";
import { Bars, OutcomeView, isFigured } from "./outcome";

/** `at` is when it was verified, in milliseconds since 1970. */
export function Verdict({ result, at }: { result: VerifyResult; at: number }): JSX.Element {
  const { t, language } = useTexts();
  const report = JSON.parse(result.json) as Report;
  const { verdict } = report;
  const good = verdict.is === "valid" && report.compared;
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(at);
  return (
    <section aria-labelledby="verdict">
      <h2 id="verdict">{t("verdict")}</h2>
      <p class={verdict.is === "invalid" || verdict.is === "unreadable" ? "state not-cast" : good ? "state cast" : "state"} role="status">
        {t(verdict.is === "valid" && !report.compared ? "verdict-not-compared" : `verdict-${verdict.is}`)}
      </p>
      {verdict.why === undefined ? null : <Why why={verdict.why} />}
      <p lang="en">{visible(report.headline)}</p>
      <p class="quiet">{t("verified-at", { time, seconds: Math.round(result.seconds * 10) / 10, exit: result.exit })}</p>
      {report.fingerprint === null ? null : <><h3>{t("its-fingerprint")}</h3><Fingerprint fingerprint={report.fingerprint} /></>}
      {report.waivers.map((waiver) => <p class="note" lang="en" key={waiver.waiver}>{visible(waiver.text)}</p>)}
      <div class="scroll" tabIndex={0} role="region" aria-label={t("checks")}>
        <table>
          <caption>{t("checks")}</caption>
          <thead><tr><th scope="col">{t("check")}</th><th scope="col">{t("status")}</th><th scope="col" class="number">{t("done")}</th></tr></thead>
          <tbody>
            {report.checks.map((check) => (
              <tr key={check.number}>
                <th scope="row">{check.number}. {t(`check-${check.check}`)}</th>
                <td>{t(`status-${check.status}`)}</td>
                <td class="number">{t("of", { done: check.done, total: check.total })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="deeds">
        <Save name="verification-report.json" what={result.json}>{t("save-report")}</Save>
        <Save name="verification-report.txt" what={result.text}>{t("save-text")}</Save>
      </p>
      <Results results={report.results} />
    </section>
  );
}

function Why({ why }: { why: NonNullable<Report["verdict"]["why"]> }): JSX.Element {
  const { t } = useTexts();
  const rows: [string, string | number | undefined][] = [
    ["why-rule", why.rule], ["why-text", why.text], ["why-entry", why.entry], ["why-expected", why.expected], ["why-found", why.found], ["why-missing", why.missing?.join("; ")],
  ];
  return (
    <dl>
      {rows.map(([id, value]) => (value === undefined ? null : <div key={id}><dt>{t(id)}</dt><dd lang="en">{visible(String(value))}</dd></div>))}
    </dl>
  );
}

export function Results({ results }: { results: ContestResult[] }): JSX.Element | null {
  const { t } = useTexts();
  if (results.length === 0) return null;
  return (
    <section aria-labelledby="results">
      <h2 id="results">{t("results")}</h2>
      {results.map((contest) => <Contest key={contest.contest} contest={contest} />)}
    </section>
  );
}

function Contest({ contest }: { contest: ContestResult }): JSX.Element {
  const { t, language } = useTexts();
  const write = new Intl.NumberFormat(language);
  const { outcome } = contest;
  return (
    <section class="answer">
      <h3><Name text={contest.title} /></h3>
      <WholeName text={contest.title} />
      <p class="quiet" lang="en">{visible(contest.rule)}</p>
      <Slots caption={t("totals-of", { title: short(contest.title) })} slots={contest.slots} />
      <p>{t("counted-all", { number: contest.counted, weight: contest.weight })}</p>
      {contest.disclosed_only ? <p class="note">{t("disclosed-only")}</p> : null}
      {outcome === null ? null : <OutcomeView outcome={outcome} title={contest.title} />}
      {outcome !== null && isFigured(outcome) ? null : <Bars title={contest.title} figures={contest.slots.map((slot) => slot.total)} />}
      {contest.groups.length < 2 ? null : (
        <details>
          <summary>{t("by-part")}<span class="hidden"> {short(contest.title)}</span></summary>
          {contest.groups.map((group) => (
            <div key={group.group}>
              {group.slots === null || group.status !== "decrypted"
                ? <p>{group.units.map(short).join(" + ")}: {t("part-not-told", { number: write.format(group.counted) })}</p>
                : <Slots caption={group.units.map(short).join(" + ")} slots={group.slots} />}
            </div>
          ))}
        </details>
      )}
    </section>
  );
}

function Slots({ caption, slots }: { caption: string; slots: ContestResult["slots"] }): JSX.Element {
  const { t, language } = useTexts();
  const write = new Intl.NumberFormat(language);
  return (
    <table>
      <caption>{caption}</caption>
      <thead><tr><th scope="col">{t("option")}</th><th scope="col" class="number">{t("total")}</th></tr></thead>
      <tbody>
        {slots.map((slot, at) => (
          <tr key={at}>
            <th scope="row">{slot.blank ? t("blank") : <Name text={slot.name} />}</th>
            <td class="number">{write.format(slot.total)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot><tr><th scope="row">{t("sum")}</th><td class="number">{write.format(slots.reduce((sum, slot) => sum + slot.total, 0))}</td></tr></tfoot>
    </table>
  );
}
