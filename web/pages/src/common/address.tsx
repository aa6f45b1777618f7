// What a page learns from its own address (WEB-20), and what it asks when that tells nothing.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Heading, Problem } from "./parts";
import { useTexts } from "./texts";

export interface Wish {
  /** The election's fingerprint, if the address tells. */
  election: string | null;
  /** What follows it: "" or the name of a view. */
  view: string;
  /** Where the board may be, best first. */
  boards: string[];
}

const FINGERPRINT = /^[0-9a-f]{64}$/;

/** The fragment is `#F`, `#F/view` or `#/view`; the path may hold `elections/F/`. */
function wishOf(address: Location): Wish {
  const [first = "", view = ""] = decodeURI(address.hash.slice(1)).split("/");
  const parts = address.pathname.split("/");
  const folder = parts[parts.lastIndexOf("elections") + 1] ?? "";
  const election = [first, folder].map((text) => text.trim().toLowerCase()).find((text) => FINGERPRINT.test(text)) ?? null;
  const named = document.querySelector<HTMLMetaElement>("meta[name=vitrine-boards]")?.content.split(" ").filter((one) => one !== "");
  return { election, view, boards: named ?? [address.origin] };
}

/** The wish, also when the fragment changes. */
export function useWish(): Wish {
  const [wish, setWish] = useState(() => wishOf(location));
  useEffect(() => {
    const heard = (): void => setWish(wishOf(location));
    addEventListener("hashchange", heard);
    return () => removeEventListener("hashchange", heard);
  }, []);
  return wish;
}

/** The page was opened without a link of an election. */
export function NoElection(): JSX.Element {
  const { t } = useTexts();
  const [text, setText] = useState("");
  const [fault, setFault] = useState(false);
  const go = (event: Event): void => {
    event.preventDefault();
    const found = /[0-9a-f]{64}/.exec(text.toLowerCase().replace(/\s/g, ""));
    if (found === null) setFault(true);
    else location.hash = found[0];
  };
  return (
    <form onSubmit={go} noValidate>
      <Heading title={t("no-election")} error={fault}>{t("no-election")}</Heading>
      {fault ? <Problem fault={{ code: "no-fingerprint", text: "64 hexadecimal digits are looked for" }} field="fingerprint" /> : null}
      <p>{t("no-election-why")}</p>
      <div class="field">
        <label for="fingerprint">{t("fingerprint")}</label>
        <input id="fingerprint" class="code" autoComplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </div>
      <p class="deeds"><button type="submit">{t("go-on")}</button></p>
    </form>
  );
}
