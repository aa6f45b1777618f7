// The form of one contest, for every kind of contest. A choice is never dropped without a word: too many are said, not prevented (WEB-42).
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Name, WholeName } from "../common/parts";
import { short, useTexts } from "../common/texts";
import type { Contest } from "../voter/message";
import { isAsked, number, ranges, type Draft, type Range } from "./draft";

interface Filled {
  contest: Contest;
  draft: Draft;
  change(draft: Draft): void;
}

/** The field to which an error leads. */
export const FIRST_FIELD = "field-first";

export function ContestForm({ contest, draft, change }: Filled): JSX.Element {
  const { t } = useTexts();
  const { kind } = contest;
  const single = kind.name === "choose-one" || kind.name === "question";
  const filled = { contest, draft, change };
  return (
    <>
      {contest.blank && !single ? (
        <Choice type="checkbox" checked={draft.blank} onChange={() => change({ ...draft, blank: !draft.blank })}>{t("leave-blank")}</Choice>
      ) : null}
      <fieldset disabled={draft.blank && !single}>
        <legend class="hidden"><Name text={contest.title} /></legend>
        {single ? <One {...filled} /> : null}
        {kind.name === "choose" ? <Several {...filled} range={whole(contest)} minimum={kind.minimum} maximum={kind.maximum} first /> : null}
        {kind.name === "score" || kind.name === "cumulative" || kind.name === "budget" ? <Amounts {...filled} /> : null}
        {kind.name === "positional" || kind.name === "pairwise" ? <Ranking {...filled} /> : null}
        {kind.name === "lists" ? <Lists {...filled} /> : null}
        {kind.name === "linked" ? <Linked {...filled} /> : null}
      </fieldset>
    </>
  );
}

function whole(contest: Contest): Range {
  return { start: 0, end: contest.options.length };
}

function within(contest: Contest, { start, end }: Range): number[] {
  return contest.order.filter((option) => start <= option && option < end);
}

/** The whole row can be pressed. */
function Choice({ type, checked, onChange, name, id, disabled = false, children }: {
  type: "radio" | "checkbox"; checked: boolean; onChange(): void; name?: string; id?: string | undefined; disabled?: boolean; children: ComponentChildren;
}): JSX.Element {
  return (
    <label class="choice">
      <input type={type} checked={checked} onChange={onChange} disabled={disabled} {...(name === undefined ? {} : { name })} {...(id === undefined ? {} : { id })} />
      <span>{children}</span>
    </label>
  );
}

function OptionName({ text }: { text: string }): JSX.Element {
  return <Name text={text} />;
}

function One({ contest, draft, change }: Filled): JSX.Element {
  const { t } = useTexts();
  const pick = (option: number): void => change({ ...draft, blank: false, options: [option] });
  return (
    <>
      {contest.order.map((option, at) => (
        <div key={option}>
          <Choice type="radio" name="one" id={at === 0 ? FIRST_FIELD : undefined} checked={!draft.blank && draft.options[0] === option} onChange={() => pick(option)}>
            <OptionName text={contest.options[option] ?? ""} />
          </Choice>
          <WholeName text={contest.options[option] ?? ""} />
        </div>
      ))}
      {contest.blank ? (
        <Choice type="radio" name="one" checked={draft.blank} onChange={() => change({ ...draft, blank: true, options: [] })}>{t("leave-blank")}</Choice>
      ) : null}
    </>
  );
}

function Several({ contest, draft, change, range, minimum, maximum, first = false, disabled = false }: Filled & {
  range: Range; minimum: number; maximum: number; first?: boolean; disabled?: boolean;
}): JSX.Element {
  const { t } = useTexts();
  const chosen = draft.options.filter((option) => range.start <= option && option < range.end).length;
  const toggle = (option: number): void => {
    const options = draft.options.includes(option) ? draft.options.filter((one) => one !== option) : [...draft.options, option];
    change({ ...draft, options });
  };
  return (
    <>
      {within(contest, range).map((option, at) => (
        <div key={option}>
          <Choice type="checkbox" id={first && at === 0 ? FIRST_FIELD : undefined} checked={draft.options.includes(option)} disabled={disabled} onChange={() => toggle(option)}>
            <OptionName text={contest.options[option] ?? ""} />
          </Choice>
          <WholeName text={contest.options[option] ?? ""} />
        </div>
      ))}
      <p class={chosen > maximum ? "tally wrong" : "tally"} role="status">
        {chosen > maximum ? t("too-many", { chosen, maximum, over: chosen - maximum }) : t("chosen", { chosen, maximum, minimum })}
      </p>
    </>
  );
}

function Amounts({ contest, draft, change }: Filled): JSX.Element {
  const { t } = useTexts();
  const { kind } = contest;
  const set = (option: number, text: string): void => change({ ...draft, amounts: draft.amounts.map((old, at) => (at === option ? text : old)) });
  const total = draft.amounts.reduce((sum, text) => sum + (number(text) ?? 0), 0);
  const ids = new Map(contest.order.map((option, at) => [option, at === 0 ? FIRST_FIELD : `field-${option}`]));
  const select = kind.name === "score" && kind.top <= 20 ? [...Array(kind.top + 1).keys()] : null;
  let tally: string | null = null;
  let over = false;
  if (kind.name === "cumulative") {
    over = total > kind.points;
    tally = t(over ? "points-over" : "points-left", { total, rest: Math.abs(kind.points - total), points: kind.points });
  } else if (kind.name === "budget") {
    over = total > kind.pot;
    tally = t(over ? "money-over" : "money-left", { total, rest: Math.abs(kind.pot - total), pot: kind.pot, currency: short(kind.currency) });
  }
  return (
    <>
      {contest.order.map((option) => {
        const value = draft.amounts[option] ?? "";
        const bad = number(value) === null;
        const id = ids.get(option) ?? "";
        return (
          <div class="row" key={option}>
            <label for={id}><OptionName text={contest.options[option] ?? ""} /></label>
            {select !== null ? (
              <select id={id} value={value === "" ? "0" : value} onChange={(event) => set(option, event.currentTarget.value)}>
                {select.map((score) => <option key={score} value={String(score)}>{score}</option>)}
              </select>
            ) : (
              <input id={id} type="text" inputMode="numeric" autoComplete="off" value={value} aria-invalid={bad} onInput={(event) => set(option, event.currentTarget.value)} />
            )}
            <WholeName text={contest.options[option] ?? ""} />
          </div>
        );
      })}
      {tally === null ? null : <p class={over ? "tally wrong" : "tally"} role="status">{tally}</p>}
    </>
  );
}

function Ranking({ contest, draft, change }: Filled): JSX.Element {
  const { t } = useTexts();
  const [word, setWord] = useState("");
  const { kind } = contest;
  const last = kind.name === "positional" ? Math.min(kind.points.length, contest.options.length) : contest.options.length;
  const taken = draft.places.map(Number);
  const highest = Math.max(0, ...taken);
  const say = (option: number, place: number): void =>
    setWord(place === 0 ? t("place-none", { name: short(contest.options[option] ?? "") }) : t("place-is", { name: short(contest.options[option] ?? ""), place }));
  const set = (option: number, place: number): void => {
    change({ ...draft, places: draft.places.map((old, at) => (at === option ? (place === 0 ? "" : String(place)) : old)) });
    say(option, place);
  };
  /** Moves an option to a place; who stood there takes the place that becomes free. */
  const swap = (option: number, place: number): void => {
    const own = draft.places[option] ?? "";
    change({ ...draft, places: draft.places.map((old, at) => (at === option ? String(place) : old === String(place) ? own : old)) });
    say(option, place);
  };
  const up = (option: number): void => {
    const place = taken[option] ?? 0;
    if (place === 0) {
      if (highest < last) set(option, highest + 1);
      else setWord(t("places-full"));
    } else if (place > 1) swap(option, place - 1);
  };
  const down = (option: number): void => {
    const place = taken[option] ?? 0;
    if (place === 0) return;
    if (place < highest) swap(option, place + 1);
    else set(option, 0);
  };
  return (
    <>
      {contest.order.map((option, at) => {
        const id = at === 0 ? FIRST_FIELD : `field-${option}`;
        const name = contest.options[option] ?? "";
        return (
          <div class="row" key={option}>
            <label for={id}><OptionName text={name} /></label>
            <select id={id} value={draft.places[option] ?? ""} onChange={(event) => set(option, Number(event.currentTarget.value))}>
              <option value="">{t("no-place")}</option>
              {[...Array(last).keys()].map((place) => <option key={place} value={String(place + 1)}>{place + 1}</option>)}
            </select>
            <button type="button" class="second small" onClick={() => up(option)}><span aria-hidden="true">↑</span><span class="hidden">{t("move-up", { name: short(name) })}</span></button>
            <button type="button" class="second small" onClick={() => down(option)}><span aria-hidden="true">↓</span><span class="hidden">{t("move-down", { name: short(name) })}</span></button>
            <WholeName text={name} />
          </div>
        );
      })}
      <p class="tally" role="status">{word === "" ? t("ranked", { chosen: draft.places.filter((place) => place !== "").length, maximum: last }) : word}</p>
    </>
  );
}

function Lists({ contest, draft, change }: Filled): JSX.Element {
  const { t } = useTexts();
  if (contest.kind.name !== "lists") return <></>;
  const { kind } = contest;
  const parts = ranges(kind.lists);
  return (
    <>
      {kind.whole ? (
        <fieldset>
          <legend>{t("how-to-choose")}</legend>
          <Choice type="radio" name="whole" id={FIRST_FIELD} checked={draft.list === null} onChange={() => change({ ...draft, list: null })}>{t("one-by-one")}</Choice>
          {kind.lists.map((list, at) => (
            <Choice key={at} type="radio" name="whole" checked={draft.list === at} onChange={() => change({ ...draft, list: at })}>{t("whole-list")} <Name text={list.name} /></Choice>
          ))}
        </fieldset>
      ) : null}
      {draft.list === null ? null : <p class="note">{t("list-wins")}</p>}
      {kind.lists.map((list, at) => {
        const range = parts[at];
        if (range === undefined) return null;
        return (
          <fieldset key={at}>
            <legend><h2><Name text={list.name} /></h2></legend>
            <p class="hint">{t("list-limit", { limit: list.limit })}</p>
            <Several contest={contest} draft={draft} change={change} range={range} minimum={0} maximum={list.limit} first={!kind.whole && at === 0} disabled={draft.list !== null} />
          </fieldset>
        );
      })}
      {draft.list === null ? <p role="status">{t("chosen-in-all", { chosen: draft.options.length, maximum: kind.maximum })}</p> : null}
    </>
  );
}

function Linked({ contest, draft, change }: Filled): JSX.Element {
  const { t } = useTexts();
  if (contest.kind.name !== "linked") return <></>;
  const parts = ranges(contest.kind.questions);
  return (
    <>
      {contest.kind.questions.map((question, at) => {
        const range = parts[at];
        if (range === undefined || !isAsked(contest, draft, range)) return null;
        const others = draft.options.filter((option) => option < range.start || range.end <= option);
        const own = draft.options.find((option) => range.start <= option && option < range.end);
        return (
          <fieldset key={at}>
            <legend><h2><Name text={question.title} /></h2></legend>
            {question.condition === null ? null : <p class="hint">{t("asked-because", { name: short(contest.options[question.condition] ?? "") })}</p>}
            {question.maximum === 1 ? (
              <>
                {within(contest, range).map((option, row) => (
                  <Choice key={option} type="radio" name={`question-${at}`} id={at === 0 && row === 0 ? FIRST_FIELD : undefined} checked={own === option} onChange={() => change({ ...draft, options: [...others, option] })}>
                    <OptionName text={contest.options[option] ?? ""} />
                  </Choice>
                ))}
                {question.minimum === 0 ? (
                  <Choice type="radio" name={`question-${at}`} checked={own === undefined} onChange={() => change({ ...draft, options: others })}>{t("no-answer")}</Choice>
                ) : null}
              </>
            ) : (
              <>
                <p class="hint">{t("rule-choose", { minimum: question.minimum, maximum: question.maximum })}</p>
                <Several contest={contest} draft={draft} change={change} range={range} minimum={question.minimum} maximum={question.maximum} first={at === 0} />
              </>
            )}
          </fieldset>
        );
      })}
    </>
  );
}
