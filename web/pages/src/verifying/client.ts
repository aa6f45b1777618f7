// Verifying on all cores (VER-42): one worker reads and checks the record, the others decide proofs of ballots for it.
import { FaultError, WorkerClient, type Progress } from "../common/worker";
import type { Division, Methods, Source, VerifyResult } from "./message";

/** The most workers; more than that wait for the first one. */
const MOST = 8;
/** Fewer bundles of 256 entries are not worth another worker. */
const FEWEST = 4;
/** Of the proofs, what the first worker decides itself where there is one other: it has the rest of the checks besides. */
const OWN = 0.2;

export class Verifying extends WorkerClient<Methods> {
  #provers: WorkerClient<Methods>[] = [];

  /** Verifies a record; the page may cancel. */
  async verify(source: Source, election: string | null, progress: (progress: Progress) => void): Promise<VerifyResult> {
    const division = await this.call("take", { source, election }, progress);
    const began = performance.now();
    const parts = division === null ? [] : shared(division, Math.min(navigator.hardwareConcurrency || 1, MOST) - 1);
    const provers = parts.map(() => new WorkerClient<Methods>(this.start));
    this.#provers = provers;
    let told = (_: Progress): void => undefined;
    try {
      const done = parts.map(() => 0);
      const proving: Promise<Uint8Array<ArrayBuffer>>[] = [];
      for (const [place, prover] of provers.entries()) {
        const part = parts[place] ?? { setup: [], bundles: [] };
        const files = await this.call("files", { names: [...part.setup, ...part.bundles] });
        const heard = (progress: Progress): void => {
          done[place] = progress.done;
          told({ stage: "proofs", done: done.reduce((sum, one) => sum + one, 0), total: parts.reduce((sum, one) => sum + one.bundles.length, 0) });
        };
        const transfer = files.map(([, bytes]) => bytes.buffer);
        // Whatever another worker does not prove, for whatever reason, the first one decides.
        proving.push(prover.call("prove", { ...part, files }, heard, transfer).catch(() => new Uint8Array()));
      }
      const { relies, ...first } = await this.call("verify", { election, elsewhere: parts.flatMap(({ bundles }) => bundles) }, progress);
      if (!relies) return { ...first, seconds: seconds(began) };
      told = progress;
      const proven = new Uint8Array(await new Blob(await Promise.all(proving)).arrayBuffer());
      if (this.#provers !== provers) throw new FaultError({ code: "cancelled", text: "stopped by you" });
      return { ...(await this.call("confirm", { election, proven }, progress)), seconds: seconds(began) };
    } finally {
      for (const prover of provers) void prover.cancel();
    }
  }

  override async cancel(): Promise<void> {
    const provers = this.#provers;
    this.#provers = [];
    await Promise.all([super.cancel(), ...provers.map((prover) => prover.cancel())]);
  }
}

function seconds(began: number): number {
  return (performance.now() - began) / 1000;
}

/** What each of at most `provers` other workers is to decide. */
function shared({ setup, bundles }: Division, provers: number): Division[] {
  const given = bundles.slice(0, provers === 1 ? Math.round(bundles.length * (1 - OWN)) : undefined);
  const parts = Math.min(provers, Math.floor(given.length / FEWEST));
  const from = (part: number): number => Math.round((given.length * part) / parts);
  return Array.from({ length: Math.max(parts, 0) }, (_, part) => ({ setup, bundles: given.slice(from(part), from(part + 1)) }));
}
