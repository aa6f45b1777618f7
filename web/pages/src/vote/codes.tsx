// The codes of a voter's letters: one for each registrar, typed, pasted or scanned. Nothing typed here leaves the page.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Heading, Name, Problem } from "../common/parts";
import { Scan } from "./scan";
import { useTask } from "../common/task";
import { faultWords, useTexts } from "../common/texts";
import { FaultError, faultOf } from "../voter/client";
import type { Fault } from "../voter/message";
import type { Step } from "./step";

export function CodesForm({ client, election, toStart, heading, deed, use }: Step & {
  heading: string; deed: string; use(codes: string[]): Promise<void>;
}): JSX.Element {
  const texts = useTexts();
  const { t } = texts;
  const task = useTask();
  const [codes, setCodes] = useState<string[]>(() => election.registrars.map(() => ""));
  const [wrong, setWrong] = useState<(Fault | null)[]>(() => election.registrars.map(() => null));
  const [scanned, setScanned] = useState("");

  // What is typed counts at once, not when it is drawn.
  const latest = useRef(codes);
  const put = (at: number, code: string, fault: Fault | null): void => {
    latest.current = latest.current.map((text, one) => (one === at ? code : text));
    setCodes(latest.current);
    setWrong((old) => old.map((text, one) => (one === at ? fault : text)));
  };
  /** A code, or the line of a letter, which says for which registrar it is: there it goes. */
  const take = async (at: number, text: string): Promise<void> => {
    if (text.trim() === "") return put(at, "", null);
    try {
      const letter = await client.call("letter", { text });
      if (letter.election !== null && letter.election !== election.fingerprint) {
        throw new FaultError({ code: "letter-other-election", text: "the letter is of another election", params: { number: String(at + 1) } });
      }
      const own = letter.registrar === null ? at : letter.registrar - 1;
      if (own !== at && own < codes.length) put(at, "", null);
      put(own < codes.length ? own : at, letter.code, null);
    } catch (error) {
      put(at, text, faultOf(error));
    }
    return undefined;
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    task.run(async () => {
      const typed = latest.current;
      const missing = typed.findIndex((code) => code.trim() === "");
      if (missing >= 0) throw new FaultError({ code: "code-missing", text: "a code is missing", params: { number: String(missing + 1) } });
      await use(typed);
      latest.current = typed.map(() => "");
      setCodes(latest.current);
    });
  };
  const field = `code-${Math.max(0, Number(task.fault?.params?.["number"] ?? 1) - 1)}`;
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Heading title={heading} error={task.fault !== null}>{heading}</Heading>
      <Problem fault={task.fault} field={field} />
      <p>{t("code-where")}</p>
      {codes.map((code, at) => {
        const fault = wrong[at] ?? null;
        return (
          <div class="field" key={at}>
            <label for={`code-${at}`}>{codes.length === 1 ? t("code") : t("code-of", { number: at + 1 })} {codes.length === 1 ? null : <Name text={election.registrars[at] ?? ""} />}</label>
            <p class="hint" id={`code-hint-${at}`}>{t("code-hint")}</p>
            {fault === null ? null : <p class="wrong" id={`code-wrong-${at}`} role="alert">{faultWords(texts, fault)}</p>}
            <input id={`code-${at}`} class="code" type="text" autoComplete="off" autoCapitalize="characters" autoCorrect="off" spellcheck={false} value={code}
              aria-invalid={fault !== null} aria-describedby={fault === null ? `code-hint-${at}` : `code-hint-${at} code-wrong-${at}`}
              onInput={(event) => put(at, event.currentTarget.value, null)} onBlur={(event) => void take(at, event.currentTarget.value)} />
          </div>
        );
      })}
      <details>
        <summary>{t("scan-letter")}</summary>
        <p>{t("scan-letter-why")}</p>
        <Scan client={client} id="letter-picture" onText={(text) => {
          const empty = codes.findIndex((code) => code === "");
          void take(Math.max(0, empty), text).then(() => setScanned(t("scanned")));
        }} />
        <p role="status">{scanned}</p>
      </details>
      <p class="deeds">
        <button type="submit" disabled={task.busy}>{deed}</button>
        <button type="button" class="second" onClick={toStart}>{t("back")}</button>
      </p>
    </form>
  );
}
