// The sealed ballot: it is cast, or it is opened to test this device (WEB-44). Never both.
import type { JSX } from "preact";
import { Copy, Heading, Problem, Save, Tracker } from "../common/parts";
import { useTask } from "../common/task";
import { useTexts } from "../common/texts";
import { keep } from "./pending";
import { Qr } from "./qr";
import type { Step } from "./step";

export function Sealed({ client, election, tracker, go }: Step & { tracker: string }): JSX.Element {
  const { t } = useTexts();
  const task = useTask();
  const cast = (): void => task.run(async () => {
    const { submission } = await client.call("sign", {});
    const ballot = { submission, tracker };
    // BAL-38, WEB-45: stored before it is sent. A browser that stores nothing can still vote, while this tab stays open.
    const kept = await keep(election.fingerprint, ballot).then(() => true, () => false);
    go({ name: "casting", ballot, kept });
  });
  const open = (): void => task.run(async () => go({ name: "opened", ...(await client.call("audit", {})) }));
  return (
    <>
      <Heading title={t("sealed")} error={task.fault !== null}>{t("sealed")}</Heading>
      <Problem fault={task.fault} />
      <p class="state not-cast">{t("not-cast")}</p>
      <h2>{t("tracker")}</h2>
      <Tracker tracker={tracker} />
      <p>{t("tracker-why")}</p>
      <p class="deeds">
        <button type="button" onClick={cast} disabled={task.busy}>{t("cast")}</button>
        <Copy text={tracker}>{t("copy-tracker")}</Copy>
      </p>
      <h2>{t("or")}</h2>
      <details>
        <summary>{t("check-this")}</summary>
        <p>{t("check-why")}</p>
        <p>{t("check-how")}</p>
        <p class="deeds"><button type="button" class="second" onClick={open} disabled={task.busy}>{t("open-ballot")}</button></p>
      </details>
      <p><button type="button" class="plain" onClick={() => go({ name: "filling" })}>{t("change-answers")}</button></p>
    </>
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

export function Opened({ client, election, tracker, opening, qr, go }: Step & { tracker: string; opening: string; qr: string | null }): JSX.Element {
  const { t } = useTexts();
  const link = `${location.origin}${location.pathname}#${election.fingerprint}/check`;
  return (
    <>
      <Heading title={t("opened")}>{t("opened")}</Heading>
      <p class="state not-cast">{t("opened-not-cast")}</p>
      <p>{t("opened-secret")}</p>
      <ol>
        <li>
          <p>{t("opened-link")}</p>
          <p class="print" dir="ltr" translate={false}>{link}</p>
          <Qr client={client} text={link} label={t("qr-link")} />
        </li>
        <li>
          <p>{t("opened-tracker")}</p>
          <Tracker tracker={tracker} />
        </li>
        <li>
          <p>{t(qr === null ? "opened-file-only" : "opened-give")}</p>
          {qr === null ? null : <Qr client={client} text={qr} label={t("qr-opening")} />}
          <p><Save name="opened-ballot.cbor" what={bytesOf(opening)}>{t("save-opening")}</Save></p>
        </li>
        <li><p>{t("opened-compare")}</p></li>
      </ol>
      <p lang="en"><code>vitrine ballot check-audit</code></p>
      <p class="deeds"><button type="button" onClick={() => go({ name: "filling" })}>{t("vote-now")}</button></p>
    </>
  );
}
