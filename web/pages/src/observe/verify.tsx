// Verifying everything in the tab: from the board, from any mirror, or from a folder (WEB-52).
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Heading, Problem, Reading } from "../common/parts";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import type { Verifying } from "../verifying/client";
import type { Source, VerifyResult } from "../verifying/message";
import { Verdict } from "./results";

export interface Verified {
  result: VerifyResult;
  at: number;
}

export function Verify({ client, election, board, verified, done }: {
  client: Verifying; election: string | null; board: string | null; verified: Verified | null; done(verified: Verified): void;
}): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const [address, setAddress] = useState(board ?? "");
  const [expected, setExpected] = useState("");
  const [stage, setStage] = useState("download");
  const title = board === null ? "offline" : "verify-all";
  const trusted = election ?? (expected.replace(/\s/g, "").toLowerCase() || null);
  const run = (source: Source): void => task.run(async (progress) => {
    setStage("download");
    const result = await client.verify(source, trusted, (heard) => {
      setStage(heard.stage ?? "download");
      progress(heard);
    });
    done({ result, at: Date.now() });
  });
  const folder = (files: FileList | null): void => {
    if (files !== null && files.length > 0) run({ files: [...files] });
  };
  const save = (): void => task.run(async () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await client.call("record", {}));
    link.download = "record.tar";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
  return (
    <>
      <Heading title={t(title)} error={task.fault !== null}>{t(title)}</Heading>
      <Problem fault={task.fault} />
      <p>{t(board === null ? "offline-why" : "verify-why")}</p>
      {election !== null ? null : (
        <div class="field">
          <label for="expected">{t("fingerprint")}</label>
          <p class="hint" id="expected-hint">{t("expected-hint")}</p>
          <input id="expected" class="code" autoComplete="off" spellcheck={false} aria-describedby="expected-hint" value={expected} onInput={(event) => setExpected(event.currentTarget.value)} />
        </div>
      )}
      {board === null ? null : (
        <form onSubmit={(event) => { event.preventDefault(); run({ board: address }); }} noValidate>
          <div class="field">
            <label for="address">{t("verify-from")}</label>
            <p class="hint" id="address-hint">{t("verify-from-hint")}</p>
            <input id="address" type="url" class="wide-field" autoComplete="off" spellcheck={false} aria-describedby="address-hint" value={address} onInput={(event) => setAddress(event.currentTarget.value)} />
          </div>
          <p class="deeds"><button type="submit" disabled={task.busy}>{t("verify-now")}</button></p>
        </form>
      )}
      <div class="field">
        <label for="folder">{t("folder")}</label>
        <p class="hint" id="folder-hint">{t("folder-hint")}</p>
        <input id="folder" type="file" multiple disabled={task.busy} aria-describedby="folder-hint" {...{ webkitdirectory: true }} onChange={(event) => folder(event.currentTarget.files)} />
      </div>
      {task.busy ? (
        <>
          <Reading progress={task.progress} words={`stage-${stage}`} />
          <p class="deeds"><button type="button" class="second" onClick={() => void client.cancel()}>{t("cancel")}</button></p>
        </>
      ) : null}
      {verified === null || task.busy ? null : (
        <>
          <Verdict result={verified.result} at={verified.at} />
          <p class="deeds"><button type="button" class="second" onClick={save}>{t("save-record")}</button></p>
        </>
      )}
      <h2>{t("cannot-tell")}</h2>
      <p>{t("cannot-tell-why")}</p>
    </>
  );
}
