// What may be chosen, what is chosen, and what is left over, in words.
import type { JSX } from "preact";
import { Name } from "../common/parts";
import { short, useTexts, type Texts } from "../common/texts";
import type { Contest, Selection } from "../voter/message";
import { ranges } from "./draft";

/** What may be chosen. */
export function ruleWords({ t }: Texts, { kind }: Contest): string {
  switch (kind.name) {
    case "choose":
      if (kind.minimum === kind.maximum) return t("rule-choose-exactly", { maximum: kind.maximum });
      return t("rule-choose", { minimum: kind.minimum, maximum: kind.maximum });
    case "score":
      return t("rule-score", { top: kind.top });
    case "cumulative":
      return t(kind.exactly ? "rule-cumulative-exactly" : "rule-cumulative", { points: kind.points, most: kind.most });
    case "budget":
      return t("rule-budget", { pot: kind.pot, step: kind.step, currency: short(kind.currency) });
    case "positional":
      return t("rule-positional", { minimum: kind.minimum, maximum: kind.points.length, points: kind.points.join(", ") });
    case "pairwise":
      return t(kind.complete ? "rule-pairwise-complete" : "rule-pairwise");
    case "question":
      return t("rule-question", { numerator: kind.numerator, denominator: kind.denominator });
    case "lists":
      return t(kind.whole ? "rule-lists-whole" : "rule-lists", { minimum: kind.minimum, maximum: kind.maximum });
    default:
      return t(`rule-${kind.name}`);
  }
}

/** A selection. */
export function SelectionWords({ contest, selection }: { contest: Contest; selection: Selection }): JSX.Element {
  const { t } = useTexts();
  const name = (option: number): JSX.Element => <Name text={contest.options[option] ?? ""} />;
  const { kind } = contest;
  if ("blank" in selection) return <p>{t("left-blank")}</p>;
  if ("list" in selection) {
    return <p>{t("whole-list")} <Name text={kind.name === "lists" ? kind.lists[selection.list]?.name ?? "" : ""} /></p>;
  }
  if ("ranking" in selection) {
    if (selection.ranking.length === 0) return <p>{t("nothing-chosen")}</p>;
    return <ol>{selection.ranking.map((option) => <li key={option}>{name(option)}</li>)}</ol>;
  }
  if ("amounts" in selection) {
    const given = selection.amounts.map((amount, option) => [amount, option] as const).filter(([amount]) => amount > 0 || kind.name === "score");
    if (given.length === 0) return <p>{t("nothing-chosen")}</p>;
    const amountWords = (amount: number): string => (kind.name === "budget" ? t("money", { amount, currency: short(kind.currency) }) : t("points", { amount }));
    return <ul>{given.map(([amount, option]) => <li key={option}>{name(option)}: {amountWords(amount)}</li>)}</ul>;
  }
  if (selection.options.length === 0) return <p>{t("nothing-chosen")}</p>;
  const list = (options: number[]): JSX.Element => <ul>{options.map((option) => <li key={option}>{name(option)}</li>)}</ul>;
  if (kind.name !== "linked") return list(selection.options);
  const parts = ranges(kind.questions).map(({ start, end }) => selection.options.filter((option) => start <= option && option < end));
  return (
    <>
      {kind.questions.map((question, at) => {
        const chosen = parts[at] ?? [];
        return chosen.length === 0 ? null : <div key={at}><h3><Name text={question.title} /></h3>{list(chosen)}</div>;
      })}
    </>
  );
}

/** What a voter may have overlooked; `null` where nothing is left over. */
export function leftOver({ t }: Texts, contest: Contest, selection: Selection): string | null {
  const { kind } = contest;
  if ("blank" in selection) return t("warn-blank");
  if ("list" in selection) return null;
  if ("ranking" in selection) {
    const maximum = kind.name === "positional" ? Math.min(kind.points.length, contest.options.length) : contest.options.length;
    return selection.ranking.length < maximum ? t("warn-fewer", { chosen: selection.ranking.length, maximum }) : null;
  }
  if ("amounts" in selection) {
    const total = selection.amounts.reduce((sum, amount) => sum + amount, 0);
    if (total === 0) return t("warn-nothing");
    if (kind.name === "cumulative" && total < kind.points) return t("warn-points", { rest: kind.points - total });
    if (kind.name === "budget" && total < kind.pot) return t("warn-money", { rest: kind.pot - total, currency: short(kind.currency) });
    return null;
  }
  if (selection.options.length === 0) return t("warn-nothing");
  const maximum = kind.name === "choose" || kind.name === "lists" ? kind.maximum : 1;
  return selection.options.length < maximum ? t("warn-fewer", { chosen: selection.options.length, maximum }) : null;
}
