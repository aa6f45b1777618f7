// For officials: what is awaited from whom, and the command to run next (WEB-55). It only shows; what needs keys stays in the tools.
import type { JSX } from "preact";
import { Copy, Heading, Minute, Name } from "../common/parts";
import { short, useTexts, visible } from "../common/texts";
import type { Awaited, LookView } from "../verifying/message";
import { authorOf } from "./names";

export function Officials({ look, board, now }: { look: LookView; board: string; now: number }): JSX.Element {
  const texts = useTexts();
  const { t } = texts;
  const line = (awaited: Awaited): string => `vitrine ${awaited.command} --board ${board} --election ${look.fingerprint}`;
  const people: [Awaited["who"], string[]][] = [["authority", [look.authority]], ["registrar", look.registrars], ["trustee", look.trustees]];
  return (
    <>
      <Heading title={t("officials")}>{t("officials")}</Heading>
      <p><Name text={look.title} />: {t(`phase-${look.phase}`)}</p>
      <p>{t("officials-why")}</p>
      <h2>{t("awaited")}</h2>
      {look.awaited.length === 0 ? <p class="state" role="status">{t(look.phase === "voting" ? "awaits-voters" : "awaits-nothing")}</p> : null}
      {look.phase === "voting" ? <p>{t("closing")}: <Minute minutes={look.closing} /></p> : null}
      {look.awaited.map((one) => (
        <section class="answer" key={`${one.who}-${one.number}-${one.step}`}>
          <h3>{one.who === "anyone" ? t("anyone") : authorOf(texts, look, { author: one.who, number: one.number })}</h3>
          <p>{t(`step-${one.step}`)}</p>
          {one.due === null ? null : <p class={one.due <= now && one.step !== "open" ? "wrong" : "quiet"}>{t(one.due <= now ? "due-now" : "due-at")} <Minute minutes={one.due} /></p>}
          <p class="print" translate={false} dir="ltr">{visible(line(one))}</p>
          <p class="deeds"><Copy text={line(one)}>{t("copy-command")}<span class="hidden"> {t(`step-${one.step}`)}</span></Copy></p>
        </section>
      ))}
      <h2>{t("who-is-who")}</h2>
      <table>
        <caption>{t("who-is-who")}</caption>
        <thead><tr><th scope="col">{t("name")}</th><th scope="col">{t("role")}</th><th scope="col">{t("state")}</th></tr></thead>
        <tbody>
          {people.flatMap(([who, names]) => names.map((name, at) => {
            const number = who === "authority" ? 0 : at + 1;
            const waiting = look.awaited.some((one) => one.who === who && one.number === number);
            const left = who === "trustee" && look.left.includes(number);
            return (
              <tr key={`${who}-${at}`}>
                <th scope="row">{short(name)}</th>
                <td>{t(`role-${who}`, { number })}</td>
                <td>{t(left ? "state-left" : waiting ? "state-awaited" : "state-fine")}</td>
              </tr>
            );
          }))}
        </tbody>
      </table>
    </>
  );
}
