// The page for observers and officials. It reads the record again and again, knows no secret, and believes no server.
import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { NoElection, useWish } from "../common/address";
import { Heading, Problem, Reading } from "../common/parts";
import { Shell } from "../common/shell";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import { verifying } from "../verifying/start";
import type { EntryView, LookView } from "../verifying/message";
import { Board, type Copies } from "./board";
import { Entries } from "./entries";
import { Help } from "./help";
import { Officials } from "./officials";
import { Verify, type Verified } from "./verify";

const VIEWS = ["board", "entries", "verify", "officials"] as const;

/** Between two looks at the record (WEB-50). */
const PAUSE = 15_000;

export function App(): JSX.Element {
  return <Shell help={Help}><Page /></Shell>;
}

function Page(): JSX.Element {
  const wish = useWish();
  if (wish.election === null) return <NoElection />;
  return <Election key={wish.election} election={wish.election} boards={wish.boards} view={wish.view} />;
}

function minutesNow(): number {
  return Math.floor(Date.now() / 60_000);
}

function Election({ election, boards, view }: { election: string; boards: string[]; view: string }): JSX.Element {
  const { t } = useTexts();
  const client = useMemo(verifying, []);
  const task = useTask();
  const { run } = task;
  const [board, setBoard] = useState(boards[0] ?? location.origin);
  const [look, setLook] = useState<LookView | null>(null);
  const [story, setStory] = useState<EntryView[]>([]);
  const [verified, setVerified] = useState<Verified | null>(null);
  const [copies, setCopies] = useState<Copies>({});
  const [shown, setShown] = useState<(typeof VIEWS)[number]>(VIEWS.find((one) => one === view) ?? "board");
  const [live, setLive] = useState(true);

  const read = useCallback((): void => run(async (progress) => {
    let fault: unknown = null;
    for (const place of [board, ...boards.filter((one) => one !== board)]) {
      try {
        setLook(await client.call("follow", { board: place, election, now: minutesNow() }, progress));
        setStory(await client.call("story", {}));
        setBoard(place);
        return;
      } catch (error) {
        fault ??= error;
      }
    }
    throw fault;
  }), [run, client, board, boards, election]);
  useEffect(() => {
    read();
    return () => void client.cancel();
  }, []);
  // While a verification holds the worker, looking waits.
  const looking = live && shown !== "verify";
  useEffect(() => {
    if (!looking) return undefined;
    const timer = setInterval(read, PAUSE);
    return () => clearInterval(timer);
  }, [looking, read]);

  if (look === null) {
    return (
      <>
        <Heading title={t("opening-board")} error={task.fault !== null}>{t("opening-board")}</Heading>
        <Problem fault={task.fault} />
        {task.busy ? <Reading progress={task.progress} /> : <p class="deeds"><button type="button" onClick={read}>{t("again")}</button></p>}
      </>
    );
  }
  return (
    <>
      <nav class="views" aria-label={t("views")}>
        <ul>
          {VIEWS.map((one) => (
            <li key={one}><button type="button" class="plain" aria-current={one === shown ? "page" : undefined} onClick={() => setShown(one)}>{t(`view-${one}`)}</button></li>
          ))}
        </ul>
        <p>
          <button type="button" class="second" aria-pressed={live} onClick={() => setLive(!live)}>{t("live")}</button>{" "}
          <span role="status">{task.fault === null ? t("read-to", { size: look.entries }) : t("read-failed")}</span>
        </p>
      </nav>
      {shown === "board" ? <Board look={look} story={story} client={client} copies={copies} keep={setCopies} /> : null}
      {shown === "entries" ? <Entries look={look} client={client} /> : null}
      {shown === "verify" ? <Verify client={client} election={election} board={board} verified={verified} done={setVerified} /> : null}
      {shown === "officials" ? <Officials look={look} board={board} now={minutesNow()} /> : null}
    </>
  );
}
