// What a page and the verifier's worker say to each other: VER-38 to VER-41.

export interface EntryView {
  index: number;
  /** Minutes since 1970. */
  time: number;
  kind: string;
  author: "authority" | "registrar" | "trustee" | "voter" | "anyone";
  /** Which registrar or trustee, from 1. */
  number?: number;
  tracker?: string;
  says: Record<string, string>;
  bytes: number;
  hash: string;
}

export interface Awaited {
  who: "authority" | "registrar" | "trustee" | "anyone";
  number: number;
  step: string;
  command: string;
  /** Minutes since 1970. */
  due: number | null;
}

export interface LookView {
  title: string;
  fingerprint: string;
  phase: "setup" | "voting" | "closed" | "tallied" | "failed";
  opening: number;
  closing: number;
  entries: number;
  last: number;
  authority: string;
  registrars: string[];
  trustees: string[];
  threshold: number;
  quorum: number;
  stage: number;
  left: number[];
  roll: number;
  voters: number;
  ballots: number;
  audits: number;
  turnout: [number, number][];
  results: [number, number];
  awaited: Awaited[];
  witnessed: "none" | "too-few" | "quorum" | "unknown";
  /** Names, and seconds since 1970. */
  witnesses: [string, number][];
  checkpoint: string;
  fault: { index: number; text: string } | null;
}

export interface Check {
  number: number;
  check: string;
  title: string;
  status: "passed" | "failed" | "not-reached" | "not-applicable";
  done: number;
  total: number;
  unit: string;
}

interface Slot {
  name: string;
  blank: boolean;
  total: number;
}

export interface Tie {
  among: number[];
  seats: number;
  broken_by: "listed" | "lot" | null;
}

/** What decided a contest (CNT-1), by its kind. */
export type Detail =
  | { form: "figures" }
  | { form: "budget"; currency: string }
  | { form: "positional" }
  | { form: "pairwise"; condorcet_winner: number | null }
  | { form: "question"; yes: number; needed: number; passed: boolean }
  | { form: "lists"; lists: { name: string; votes: number; seats: number | null }[]; ties: Tie[] }
  | { form: "linked"; questions: Outcome[] };

export interface Outcome {
  method: string;
  /** Of one question among linked ones. */
  title: string | null;
  base: number;
  seats: number;
  vacant: number;
  options: { option: number; name: string; points: number; mean: { numerator: number; denominator: number } | null; elected: boolean }[];
  winners: number[];
  ties: Tie[];
  detail: Detail;
}

export interface ContestResult {
  contest: number;
  title: string;
  rule: string;
  counted: number;
  weight: number;
  slots: Slot[];
  disclosed_only: boolean;
  outcome: Outcome | null;
  groups: { group: number; units: string[]; counted: number; status: string; slots: Slot[] | null }[];
}

/** The parts of `vitrine verify --json` (VER-18) that a page shows. */
export interface Report {
  headline: string;
  verdict: {
    is: "valid" | "invalid" | "incomplete" | "unreadable";
    why?: { rule?: string; text?: string; entry?: number; expected?: string; found?: string; missing?: string[] };
  };
  fingerprint: string | null;
  compared: boolean;
  waivers: { waiver: string; text: string }[];
  checks: Check[];
  election: { title: string; entries: number; closing_time: string } | null;
  results: ContestResult[];
}

export interface VerifyResult {
  /** What `vitrine verify --json` prints, as text: VER-38 holds for its bytes. */
  json: string;
  /** What the command line ends with (VER-2). */
  exit: number;
  text: string;
  seconds: number;
}

/** A record at an address, the files of a folder as a browser gives them, or what is held already. */
export type Source = { board: string } | { files: File[] } | "held";

/** Files of a record by their names. */
export type Files = [string, Uint8Array<ArrayBuffer>][];

/** VER-42: the files that every worker needs, and those that may be divided among them. */
export interface Division {
  setup: string[];
  bundles: string[];
}

/** Each method: what is asked, and what is answered. */
export interface Methods {
  /** Hands over the module where nothing can be fetched. */
  module: [{ wasm: ArrayBuffer }, null];
  /** Reads what is new at an address, and looks at it. `now` is in minutes since 1970. */
  follow: [{ board: string; election: string; now: number }, LookView];
  story: [Record<string, never>, EntryView[]];
  entries: [{ from: number; count: number }, EntryView[]];
  entry: [{ index: number }, string | null];
  find: [{ tracker: string }, EntryView[]];
  /** The checkpoint at another address, compared with that of the record that is held. */
  compare: [{ board: string; election: string }, { verdict: "same" | "behind" | "ahead" | "differs" | "other"; size: number }];
  /** Gets a record to verify, and tells how the work can be shared. */
  take: [{ source: Source; election: string | null }, Division | null];
  /** Verifies the record that is held, but for the proofs in the bundles named; `relies` if any was left out so. */
  verify: [{ election: string | null; elsewhere: string[] }, VerifyResult & { relies: boolean }];
  /** Files of the record that is held. */
  files: [{ names: string[] }, Files];
  /** The leaves of the ballots that are proved, in files that come with the question. */
  prove: [Division & { files: Files }, Uint8Array<ArrayBuffer>];
  /** The report, once others have proved what they could. */
  confirm: [{ election: string | null; proven: Uint8Array<ArrayBuffer> }, VerifyResult];
  /** The record that is held, as a tar archive. */
  record: [Record<string, never>, Blob];
}
