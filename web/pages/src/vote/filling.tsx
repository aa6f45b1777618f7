// The ballot: one contest after the other, then all of them to be looked over (WEB-43).
import type { JSX } from "preact";
import { Heading, Name, Problem, WholeName } from "../common/parts";
import { useTask } from "../common/task";
import { faultWords, short, useTexts, visible } from "../common/texts";
import { FaultError } from "../voter/client";
import type { BallotView, Selection } from "../voter/message";
import { ContestForm, FIRST_FIELD } from "./contest";
import { empty, notANumber, placesBroken, selectionOf, type Draft } from "./draft";
import type { Step } from "./step";
import { SelectionWords, leftOver, ruleWords } from "./words";

export interface Filled {
  drafts: Draft[];
  /** The contest shown; after the last one, the review. */
  at: number;
  /** The review was reached: from a changed contest one goes back to it. */
  reviewed: boolean;
}

export function Filling({ client, ballot, filled, keep, go, toStart, election }: Step & { ballot: BallotView; filled: Filled | null; keep(filled: Filled): void }): JSX.Element {
  const now = filled ?? { drafts: ballot.contests.map(empty), at: 0, reviewed: false };
  const contest = ballot.contests[now.at];
  const draft = now.drafts[now.at];
  if (contest === undefined || draft === undefined) {
    const selections = ballot.contests.map((one, at): [number, Selection] => [one.index, selectionOf(one, now.drafts[at] ?? empty(one))]);
    return (
      <Review client={client} election={election} ballot={ballot} selections={selections} go={go} toStart={toStart}
        change={(at) => keep({ ...now, at, reviewed: true })} />
    );
  }
  const last = ballot.contests.length;
  return (
    <ContestStep key={now.at} client={client} election={election} ballot={ballot} at={now.at} draft={draft} go={go} toStart={toStart} reviewed={now.reviewed}
      change={(changed) => keep({ ...now, drafts: now.drafts.map((old, at) => (at === now.at ? changed : old)) })}
      next={() => keep({ ...now, at: now.reviewed ? last : now.at + 1 })}
      back={() => (now.at === 0 ? toStart() : keep({ ...now, at: now.at - 1 }))} />
  );
}

function ContestStep({ client, ballot, at, draft, change, next, back, reviewed }: Step & {
  ballot: BallotView; at: number; draft: Draft; reviewed: boolean; change(draft: Draft): void; next(): void; back(): void;
}): JSX.Element {
  const texts = useTexts();
  const { t } = texts;
  const task = useTask();
  const contest = ballot.contests[at];
  if (contest === undefined) return <></>;
  const go = (event: Event): void => {
    event.preventDefault();
    task.run(async () => {
      const bad = notANumber(draft);
      if (bad !== null && !draft.blank) throw new FaultError({ code: "not-a-number", text: "whole numbers are looked for", params: { name: contest.options[bad] ?? "" } });
      if (placesBroken(draft) && !draft.blank) throw new FaultError({ code: "places-broken", text: "every place from 1 on is given to one option" });
      const fault = await client.call("check", { contest: contest.index, selection: selectionOf(contest, draft) });
      if (fault !== null) throw new FaultError(fault);
      next();
    });
  };
  const fields = contest.kind.name === "lists" || contest.kind.name === "linked" ? "main" : FIRST_FIELD;
  return (
    <form onSubmit={go} noValidate autoComplete="off">
      <p class="quiet">{t("contest-of", { number: at + 1, total: ballot.contests.length })}</p>
      <Heading title={visible(contest.title)} error={task.fault !== null}><Name text={contest.title} /></Heading>
      <WholeName text={contest.title} />
      {at === 0 ? <BallotNotes ballot={ballot} /> : null}
      <Problem fault={task.fault} field={fields} />
      <p>{ruleWords(texts, contest)}{contest.blank ? ` ${t("rule-blank")}` : ""}</p>
      {task.fault === null ? null : <p class="wrong">{faultWords(texts, task.fault)}</p>}
      <ContestForm contest={contest} draft={draft} change={change} />
      <p class="deeds">
        <button type="submit" disabled={task.busy}>{t(reviewed ? "to-review" : "next")}</button>
        {reviewed ? null : <button type="button" class="second" onClick={back}>{t("back")}</button>}
      </p>
    </form>
  );
}

/** What a voter should know of their own ballot before filling it in. */
function BallotNotes({ ballot }: { ballot: BallotView }): JSX.Element {
  const { t } = useTexts();
  return (
    <>
      {ballot.unit === "" ? null : <p class="quiet">{t("unit")} <Name text={ballot.unit} /></p>}
      {ballot.weight === 1 ? null : <p class="quiet">{t("weight", { weight: ballot.weight })}</p>}
      {ballot.sequence === 0 ? null : <p class="note">{t("revote", { number: ballot.sequence })}</p>}
    </>
  );
}

function Review({ client, ballot, selections, change, go, toStart }: Step & { ballot: BallotView; selections: [number, Selection][]; change(at: number): void }): JSX.Element {
  const texts = useTexts();
  const { t } = texts;
  const task = useTask();
  const seal = (): void => task.run(async () => {
    const { tracker } = await client.call("seal", { selections });
    go({ name: "sealed", tracker });
  });
  return (
    <>
      <Heading title={t("review")} error={task.fault !== null}>{t("review")}</Heading>
      <Problem fault={task.fault} />
      <p class="state not-cast">{t("not-cast")}</p>
      <p>{t("review-why")}</p>
      {ballot.contests.map((contest, at) => {
        const selection = selections[at]?.[1] ?? { options: [] };
        const warning = leftOver(texts, contest, selection);
        return (
          <section class="answer" key={contest.index}>
            <h2><Name text={contest.title} /></h2>
            <SelectionWords contest={contest} selection={selection} />
            {warning === null ? null : <p class="note">{warning}</p>}
            <p><button type="button" class="second" onClick={() => change(at)}>{t("change")}<span class="hidden"> {short(contest.title)}</span></button></p>
          </section>
        );
      })}
      <p class="deeds">
        <button type="button" onClick={seal} disabled={task.busy}>{t("seal")}</button>
        <button type="button" class="second" onClick={toStart}>{t("stop")}</button>
      </p>
      <p role="status">{task.busy ? t("sealing") : ""}</p>
    </>
  );
}
