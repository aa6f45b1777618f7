// The voting page: from the link in a letter to the receipt. Between `begin` and `sign` nothing is sent or fetched (WEB-41).
import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { NoElection, useWish } from "../common/address";
import { Heading, Problem, Reading } from "../common/parts";
import { Shell } from "../common/shell";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import { Examine } from "../check/examine";
import { FaultError, VoterClient } from "../voter/client";
import type { BallotView, ElectionView } from "../voter/message";
import { Casting } from "./casting";
import { CodesForm } from "./codes";
import { Filling, type Filled } from "./filling";
import { FindBallot, KeptReceipt, Voted } from "./lookup";
import { pending, type Pending } from "./pending";
import { Opened, Sealed } from "./sealed";
import { Start } from "./start";

/** Where a voter is. */
export type Place =
  | { name: "start" | "codes" | "filling" | "find" | "voted" | "kept" | "examine" }
  | { name: "sealed"; tracker: string }
  | { name: "opened"; tracker: string; opening: string; qr: string | null }
  | { name: "casting"; ballot: Pending; kept: boolean };

export function App(): JSX.Element {
  return <Shell help={Help}><Page /></Shell>;
}

function Help(): JSX.Element {
  const { t } = useTexts();
  return (
    <>
      <p>{t("help-who")}</p>
      <h2>{t("how")}</h2>
      <p>{t("how-seal")}</p>
      <p>{t("how-check")}</p>
      <p>{t("how-device")}</p>
      <p lang="en"><code>vitrine ballot cast</code></p>
    </>
  );
}

function Page(): JSX.Element {
  const wish = useWish();
  if (wish.election === null) return <NoElection />;
  return <Election key={`${wish.election}/${wish.view}`} election={wish.election} boards={wish.boards} view={wish.view} />;
}

/** Reads from the first board that answers; an answer that is wrong is final. */
async function openAt(client: VoterClient, boards: string[], election: string, earlier: string | undefined, progress: (progress: { done: number; total: number }) => void): Promise<ElectionView> {
  let silent: unknown;
  for (const board of boards) {
    try {
      return await client.call("open", { board, election, ...(earlier === undefined ? {} : { earlier }) }, progress);
    } catch (error) {
      if (!(error instanceof FaultError) || !SILENT.has(error.fault.code)) throw error;
      silent ??= error;
    }
  }
  throw silent ?? new FaultError({ code: "board-address", text: "the page names no board" });
}

/** Marks the one entry of the browser's history from which it can go back without leaving the page. */
const GUARD = "vitrine";

const SILENT = new Set(["board-silent", "board-status", "board-slow"]);

function Election({ election, boards, view }: { election: string; boards: string[]; view: string }): JSX.Element {
  const { t } = useTexts();
  const client = useMemo(() => new VoterClient(), []);
  const task = useTask();
  const [read, setRead] = useState<ElectionView | null>(null);
  const [held, setHeld] = useState<Pending | null>(null);
  const [ballot, setBallot] = useState<BallotView | null>(null);
  const [filled, setFilled] = useState<Filled | null>(null);
  const [place, setPlace] = useState<Place>({ name: view === "check" ? "examine" : "start" });

  const { run } = task;
  const earlier = read?.checkpoint;
  const open = useCallback((): void => run(async (progress) => {
    setRead(await openAt(client, boards, election, earlier, progress));
    setHeld(await pending(election).catch(() => undefined) ?? null);
  }), [run, client, boards, election, earlier]);
  useEffect(() => {
    open();
    return () => void client.cancel();
  }, []);

  const leave = useCallback((): void => {
    setBallot(null);
    setFilled(null);
    client.call("forget", {}).catch(() => undefined);
  }, [client]);
  const toStart = useCallback((): void => {
    leave();
    setPlace({ name: "start" });
    open();
  }, [leave, open]);

  // Closing or leaving the page loses a ballot that is not cast: the browser asks first (WEB-47). Its back button goes one step back.
  const midway = ballot !== null && (place.name === "filling" || place.name === "sealed" || place.name === "opened");
  useEffect(() => {
    if (!midway) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [midway]);
  const shown = useRef(filled);
  shown.current = filled;
  const away = place.name !== "start" && place.name !== "casting" && view !== "check";
  useEffect(() => {
    if (!away) return undefined;
    const guard = (): void => {
      if (history.state !== GUARD) history.pushState(GUARD, "");
    };
    const back = (): void => {
      const { current } = shown;
      if (place.name === "filling" && current !== null && current.at > 0) {
        setFilled({ ...current, at: current.at - 1 });
        guard();
      } else if (place.name === "sealed" || place.name === "opened") setPlace({ name: "filling" });
      else {
        leave();
        setPlace({ name: "start" });
      }
    };
    guard();
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, [away, place.name, leave]);

  if (read === null || (task.busy && place.name === "start")) {
    return (
      <>
        <Heading title={t("opening")} error={task.fault !== null}>{t("opening")}</Heading>
        <Problem fault={task.fault} />
        {task.busy ? <Reading progress={task.progress} /> : <p class="deeds"><button type="button" onClick={open}>{t("again")}</button></p>}
      </>
    );
  }
  const shared = { client, election: read, go: setPlace, toStart };
  switch (place.name) {
    case "start":
      return <Start {...shared} held={held} fault={task.fault} again={open} />;
    case "codes":
      return (
        <CodesForm {...shared} heading={t("your-code")} deed={t("go-on")} use={async (codes) => {
          setBallot(await client.call("begin", { codes }));
          setPlace({ name: "filling" });
        }} />
      );
    case "filling":
      return ballot === null ? <></> : <Filling {...shared} ballot={ballot} filled={filled} keep={setFilled} />;
    case "sealed":
      return <Sealed {...shared} tracker={place.tracker} />;
    case "opened":
      return <Opened {...shared} {...place} />;
    case "casting":
      return <Casting {...shared} ballot={place.ballot} kept={place.kept} done={leave} />;
    case "find":
      return <FindBallot {...shared} />;
    case "voted":
      return <Voted {...shared} />;
    case "kept":
      return <KeptReceipt {...shared} />;
    case "examine":
      return <Examine {...shared} />;
  }
}
