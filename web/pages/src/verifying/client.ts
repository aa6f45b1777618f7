// The page's side of the verifier's worker.
import { WorkerClient, startOf, type Start } from "../common/worker";
import type { Methods } from "./message";
import workerUrl from "./worker.ts?worker&url";

const start: Start = startOf(workerUrl);

export type Verifying = WorkerClient<Methods>;

/** A verifier in a worker of its own. */
export function verifying(): Verifying {
  return new WorkerClient<Methods>(start);
}
