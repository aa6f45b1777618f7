// A verifier in workers that a server gives.
import { startOf } from "../common/worker";
import { Verifying } from "./client";
import workerUrl from "./worker.ts?worker&url";

const start = startOf(workerUrl);

export function verifying(): Verifying {
  return new Verifying(start);
}
