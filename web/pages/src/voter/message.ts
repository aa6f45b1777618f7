// What the page and its worker say to each other: requests and answers of specs/05-ballot-page.md (BAL-80 to BAL-84).

import type { Fault } from "../common/worker";

export type { Fault, Progress } from "../common/worker";

export type Selection =
  | { blank: true }
  | { options: number[] }
  | { list: number }
  | { amounts: number[] }
  | { ranking: number[] };

export type Kind =
  | { name: "choose-one" }
  | { name: "choose"; minimum: number; maximum: number }
  | { name: "score"; top: number }
  | { name: "cumulative"; points: number; most: number; exactly: boolean }
  | { name: "budget"; currency: string; pot: number; step: number }
  | { name: "positional"; minimum: number; points: number[] }
  | { name: "pairwise"; complete: boolean; method: "schulze" | "ranked-pairs" }
  | { name: "question"; numerator: number; denominator: number }
  | { name: "lists"; minimum: number; maximum: number; whole: boolean; lists: { name: string; options: number; limit: number }[] }
  | { name: "linked"; questions: Question[] };

export interface Question {
  title: string;
  options: number;
  minimum: number;
  maximum: number;
  /** The option, counted over the whole contest, without which this is not asked. */
  condition: number | null;
}

export interface Contest {
  index: number;
  title: string;
  kind: Kind;
  options: string[];
  blank: boolean;
  /** The options in the order in which they are shown. */
  order: number[];
  /** What may be chosen, in English. */
  rule: string;
}

export interface Witnessed {
  state: "not-required" | "not-judged" | "awaiting" | "quorum";
  by: [string, number][];
}

export interface ElectionView {
  fingerprint: string;
  title: string;
  phase: "setup" | "voting" | "closed" | "failed";
  /** Minutes since 1970. */
  opening: number;
  closing: number;
  registrars: string[];
  units: string[];
  revote: "last" | "first";
  entries: number;
  witnessed: Witnessed;
  /** The pages that the manifest names; null where it names none. */
  pages: { bundle: string; boards: string[] } | null;
  /** Why no ballot can be sealed now. */
  problem: Fault | null;
  clock: string[];
  checkpoint: string;
}

export interface LetterView {
  registrar: number | null;
  election: string | null;
  board: string | null;
  code: string;
}

export interface BallotView {
  contests: Contest[];
  unit: string;
  weight: number;
  /** Ballots of these codes that are recorded. */
  sequence: number;
}

export type CastView =
  | { state: "recorded"; index: number; tracker: string; receipt: string; witnessed: Witnessed }
  | { state: "displaced"; index: number; tracker: string }
  | { state: "refused"; fault: Fault }
  | { state: "unknown"; fault: Fault }
  | { state: "lie"; fault: Fault; evidence: string };

export interface FoundView {
  index: number;
  time: number;
  tracker: string;
  fate: "counts" | "superseded" | "overridden" | "audited";
  later?: number;
  reason?: string;
}

export interface VotedView {
  found: FoundView[];
  entries: number;
  witnessed: Witnessed;
}

export interface FindingsView {
  tracker: string;
  unit: string;
  contests: { contest: Contest; selection: Selection }[];
}

export interface OpeningView {
  tracker: string;
  opening: string;
  qr: string | null;
}

export interface Picture {
  width: number;
  height: number;
  grey: Uint8Array;
}

/** Each method: what is asked, and what is answered. */
export interface Methods {
  open: [{ board: string; election: string; earlier?: string }, ElectionView];
  letter: [{ text: string }, LetterView];
  begin: [{ codes: string[] }, BallotView];
  check: [{ contest: number; selection: Selection }, null];
  seal: [{ selections: [number, Selection][] }, { tracker: string }];
  sign: [Record<string, never>, { submission: string }];
  send: [{ submission: string }, CastView];
  audit: [Record<string, never>, OpeningView];
  examine: [{ opening: string; tracker: string }, FindingsView];
  find: [{ tracker: string }, VotedView];
  voted: [{ codes: string[] }, VotedView];
  receipt: [{ tracker: string }, { receipt: string; witnessed: Witnessed }];
  "check-receipt": [{ receipt: string }, { tracker: string; index: number; time: number; witnessed: Witnessed }];
  forget: [Record<string, never>, null];
  qr: [{ text: string }, { size: number; dark: string }];
  scan: [Picture, string | null];
}
