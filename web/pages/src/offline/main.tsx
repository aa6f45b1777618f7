// The verifier as one file that works without any network (WEB-9).
import { render, type JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import "../common/style.css";
import { Shell } from "../common/shell";
import { speak } from "../common/texts";
import enBoard from "../locales/en/board.ftl?raw";
import enCommon from "../locales/en/common.ftl?raw";
import en from "../locales/en/observe.ftl?raw";
import zhBoard from "../locales/zh/board.ftl?raw";
import zhCommon from "../locales/zh/common.ftl?raw";
import zh from "../locales/zh/observe.ftl?raw";
import { Help } from "../observe/help";
import { Verify, type Verified } from "../observe/verify";
import { Verifying } from "../verifying/client";
import wasm from "../wasm/observer/web_observer_bg.wasm?base64";
import VerifyingWorker from "./worker.ts?worker&inline";

async function start(): Promise<Worker> {
  const worker = new VerifyingWorker();
  const bytes = Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0));
  worker.postMessage({ id: -1, method: "module", params: { wasm: bytes.buffer } });
  return worker;
}

function App(): JSX.Element {
  const client = useMemo(() => new Verifying(start), []);
  const [verified, setVerified] = useState<Verified | null>(null);
  return <Verify client={client} election={null} board={null} verified={verified} done={setVerified} />;
}

speak("en", en, enCommon, enBoard);
speak("zh", zh, zhCommon, zhBoard);
const root = document.getElementById("app");
if (root !== null) render(<Shell help={Help}><App /></Shell>, root);
