// The page's side of the voter's worker.
import { WorkerClient, startOf } from "../common/worker";
import type { Methods } from "./message";
import workerUrl from "./worker.ts?worker&url";

export { FaultError, faultOf } from "../common/worker";

const start = startOf(workerUrl);

/** A voter in a worker of its own. */
export class VoterClient extends WorkerClient<Methods> {
  constructor() {
    super(start);
  }
}
