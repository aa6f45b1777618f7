// A contest as it is being filled in, and the selection that it makes.
import type { Contest, Selection } from "../voter/message";

export interface Draft {
  blank: boolean;
  options: number[];
  list: number | null;
  /** As typed, one for each option. */
  amounts: string[];
  /** The place of each option, as chosen: "" or "1" and on. */
  places: string[];
}

export function empty(contest: Contest): Draft {
  const none = contest.options.map(() => "");
  return { blank: false, options: [], list: null, amounts: none, places: none };
}

/** A number as typed; `null` when it is none. */
export function number(text: string): number | null {
  if (text.trim() === "") return 0;
  return /^[0-9]{1,9}$/.test(text.trim()) ? Number(text.trim()) : null;
}

/** The first option whose amount is no number. */
export function notANumber(draft: Draft): number | null {
  const at = draft.amounts.findIndex((text) => number(text) === null);
  return at < 0 ? null : at;
}

/** Two options in one place, or a place left out. */
export function placesBroken(draft: Draft): boolean {
  const places = draft.places.filter((place) => place !== "").map(Number).sort((a, b) => a - b);
  return places.some((place, at) => place !== at + 1);
}

/** Nothing is chosen. */
export function untouched(draft: Draft): boolean {
  return !draft.blank && draft.options.length === 0 && draft.list === null
    && draft.amounts.every((text) => (number(text) ?? 1) === 0) && draft.places.every((place) => place === "");
}

/** The selection of a draft without faults of form. */
export function selectionOf(contest: Contest, draft: Draft): Selection {
  if (draft.blank) return { blank: true };
  switch (contest.kind.name) {
    case "score":
    case "cumulative":
    case "budget":
      return { amounts: draft.amounts.map((text) => number(text) ?? 0) };
    case "positional":
    case "pairwise":
      return { ranking: ranking(draft) };
    case "lists":
      return draft.list === null ? { options: sorted(draft.options) } : { list: draft.list };
    case "linked":
      return { options: sorted(draft.options.filter((option) => asked(contest, draft, option))) };
    default:
      return { options: sorted(draft.options) };
  }
}

/** Part of a contest's options: those of a list or of a question. */
export interface Range {
  start: number;
  end: number;
}

/** Where the lists or the questions of a contest begin and end. */
export function ranges(parts: { options: number }[]): Range[] {
  let end = 0;
  return parts.map(({ options }) => {
    const start = end;
    end += options;
    return { start, end };
  });
}

/** Whether the question of this option is put, by what else is chosen. */
function asked(contest: Contest, draft: Draft, option: number): boolean {
  if (contest.kind.name !== "linked") return true;
  const at = ranges(contest.kind.questions).findIndex(({ start, end }) => start <= option && option < end);
  const condition = contest.kind.questions[at]?.condition ?? null;
  return condition === null || (draft.options.includes(condition) && asked(contest, draft, condition));
}

/** Whether a question of a contest of linked questions is put. */
export function isAsked(contest: Contest, draft: Draft, range: Range): boolean {
  return asked(contest, draft, range.start);
}

function sorted(options: number[]): number[] {
  return [...options].sort((a, b) => a - b);
}

function ranking(draft: Draft): number[] {
  return draft.places
    .map((place, option) => [place, option] as const)
    .filter(([place]) => place !== "")
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, option]) => option);
}
