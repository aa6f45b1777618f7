// Entries and figures in the words that the server's own pages use, too (board.ftl).
import { short, type Texts } from "../common/texts";
import type { EntryView, LookView } from "../verifying/message";

/** A number for a text: as such, and as it is written in the language. */
export function counted(language: string, numbers: Record<string, number>): Record<string, number | string> {
  const write = new Intl.NumberFormat(language);
  return Object.fromEntries(Object.entries(numbers).flatMap(([name, number]) => [[name, number], [`${name}-shown`, write.format(number)]]));
}

export function timeOf(language: string, minutes: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date(minutes * 60_000));
}

/** Who wrote an entry. */
export function authorOf({ t }: Texts, look: LookView, entry: Pick<EntryView, "author" | "number">): string {
  const at = (entry.number ?? 1) - 1;
  switch (entry.author) {
    case "authority":
      return short(look.authority);
    case "registrar":
      return short(look.registrars[at] ?? "");
    case "trustee":
      return short(look.trustees[at] ?? "");
    default:
      return t(entry.author);
  }
}

/** What an entry says. */
export function entryWords(texts: Texts, look: LookView, entry: EntryView): string {
  const { t, language } = texts;
  const { says } = entry;
  const id = entry.kind === "ballot" && Number(says["sequence"]) > 1 ? "entry-ballot-again" : `entry-${entry.kind}`;
  return t(id, {
    name: authorOf(texts, look, entry),
    ...counted(language, { chunk: Number(says["chunk"] ?? 0), chunks: Number(says["chunks"] ?? 0) }),
    time: says["closing"] === undefined ? "" : timeOf(language, Number(says["closing"])),
    contest: short(says["contest"] ?? ""),
  });
}
