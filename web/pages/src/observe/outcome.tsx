// What a contest came to, in words by its kind (WEB-56), with the figures that decided where they are not the totals themselves.
import type { JSX } from "preact";
import { Name } from "../common/parts";
import { short, useTexts, type Texts } from "../common/texts";
import type { Outcome, Tie } from "../verifying/message";
import { counted } from "./names";

/** Whether the totals of a contest do not say by themselves what decided. */
export function isFigured({ detail, method, title }: Outcome): boolean {
  if (detail.form !== "figures") return detail.form !== "question";
  return title !== null || method === "score" || method === "cumulative";
}

/** `title` names the contest to those who cannot see its bars. */
export function OutcomeView({ outcome, title }: { outcome: Outcome; title: string }): JSX.Element {
  const texts = useTexts();
  const { detail } = outcome;
  if (detail.form === "linked") {
    return (
      <>
        {detail.questions.map((question, at) => (
          <section key={at}>
            <h4><Name text={question.title ?? ""} /></h4>
            <OutcomeView outcome={question} title={question.title ?? title} />
          </section>
        ))}
      </>
    );
  }
  const figured = isFigured(outcome) && outcome.options.length > 0;
  return (
    <>
      {sentences(texts, outcome).map((words, at) => <p key={at}>{words}</p>)}
      {detail.form === "lists" ? <Lists lists={detail.lists} /> : null}
      {figured ? <Figures outcome={outcome} /> : null}
      {figured ? <Bars title={title} figures={outcome.options.map((one) => one.points)} /> : null}
    </>
  );
}

/** Who is elected and what passed, what was tied, and what stays empty. */
function sentences({ t, language }: Texts, outcome: Outcome): string[] {
  const { detail, winners, options } = outcome;
  const named = (list: string[]): string => list.map(short).join(t("and"));
  const option = (wanted: number): string => options.find((one) => one.option === wanted)?.name ?? "";
  const tied = (tie: Tie, nameOf: (place: number) => string): string =>
    t(`tie-${tie.broken_by ?? "open"}`, { ...counted(language, { seats: tie.seats }), names: named(tie.among.map(nameOf)) });
  if (detail.form === "question") {
    return [t(detail.passed ? "passed" : "not-passed", counted(language, { yes: detail.yes, needed: detail.needed }))];
  }
  if (detail.form === "budget" || outcome.seats === 0) return [t("figures-decide")];
  const said = [winners.length === 0 ? t("nobody-elected")
    : t("elected-names", { ...counted(language, { number: winners.length }), names: named(winners.map(option)) })];
  if (detail.form === "pairwise" && outcome.base > 0) {
    const best = detail.condorcet_winner;
    said.push(best === null ? t("no-pairwise-winner") : t("pairwise-winner", { name: short(option(best)) }));
  }
  if (detail.form === "lists") said.push(...detail.ties.map((tie) => tied(tie, (place) => detail.lists[place]?.name ?? "")));
  said.push(...outcome.ties.map((tie) => tied(tie, option)));
  if (outcome.vacant > 0) said.push(t("vacant", counted(language, { seats: outcome.vacant })));
  return said;
}

function caption({ t }: Texts, { detail, method }: Outcome): string {
  if (detail.form === "budget") return t("figures-budget", { currency: short(detail.currency) });
  if (detail.form === "pairwise") return t("figures-pairs");
  return t(detail.form === "positional" || method === "score" || method === "cumulative" ? "figures-points" : "figures-votes");
}

function Figures({ outcome }: { outcome: Outcome }): JSX.Element {
  const texts = useTexts();
  const { t, language } = texts;
  const write = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const means = outcome.detail.form === "budget";
  const mean = (of: { numerator: number; denominator: number } | null): string => (of === null || of.denominator === 0 ? "" : write.format(of.numerator / of.denominator));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption(texts, outcome)}>
      <table>
        <caption>{caption(texts, outcome)}</caption>
        <thead>
          <tr>
            <th scope="col">{t("option")}</th><th scope="col" class="number">{t("total")}</th>
            {means ? <th scope="col" class="number">{t("mean")}</th> : null}
            {outcome.seats > 0 ? <th scope="col">{t("outcome")}</th> : null}
          </tr>
        </thead>
        <tbody>
          {outcome.options.map((one) => (
            <tr key={one.option}>
              <th scope="row"><Name text={one.name} /></th><td class="number">{write.format(one.points)}</td>
              {means ? <td class="number">{mean(one.mean)}</td> : null}
              {outcome.seats > 0 ? <td>{one.elected ? t("elected") : "–"}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Lists({ lists }: { lists: { name: string; votes: number; seats: number | null }[] }): JSX.Element {
  const { t, language } = useTexts();
  const write = new Intl.NumberFormat(language);
  const seated = lists.some((list) => list.seats !== null);
  return (
    <table>
      <caption>{t("lists")}</caption>
      <thead><tr><th scope="col">{t("list")}</th><th scope="col" class="number">{t("total")}</th>{seated ? <th scope="col" class="number">{t("seats")}</th> : null}</tr></thead>
      <tbody>
        {lists.map((list, at) => (
          <tr key={at}>
            <th scope="row"><Name text={list.name} /></th><td class="number">{write.format(list.votes)}</td>
            {seated ? <td class="number">{list.seats === null ? "–" : write.format(list.seats)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same figures as bars; the table is what a screen reader reads. */
export function Bars({ title, figures }: { title: string; figures: number[] }): JSX.Element {
  const { t } = useTexts();
  const most = Math.max(1, ...figures);
  return (
    <svg class="bars" viewBox={`0 0 100 ${figures.length * 6}`} preserveAspectRatio="none" role="img" aria-label={t("bars", { title: short(title) })}>
      {figures.map((figure, at) => <rect key={at} x="0" y={at * 6 + 1} width={(100 * figure) / most} height="4" />)}
    </svg>
  );
}
