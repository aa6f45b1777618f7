// One thing at a time: what runs, how far it is, and what went wrong.
import { useCallback, useRef, useState } from "preact/hooks";
import { faultOf, type Fault, type Progress } from "./worker";

export interface Task {
  busy: boolean;
  fault: Fault | null;
  progress: Progress | null;
  setFault(fault: Fault | null): void;
  /** Does the work unless other work is under way; what it throws becomes the fault. */
  run(work: (progress: (progress: Progress) => void) => Promise<void>): void;
}

export function useTask(): Task {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const run = useCallback((work: (progress: (progress: Progress) => void) => Promise<void>): void => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFault(null);
    setProgress(null);
    work(setProgress)
      .catch((error: unknown) => setFault(faultOf(error)))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  }, []);
  return { busy, fault, progress, setFault, run };
}
