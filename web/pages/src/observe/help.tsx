import type { JSX } from "preact";
import { useTexts } from "../common/texts";

export function Help(): JSX.Element {
  const { t } = useTexts();
  return (
    <>
      <p>{t("help-observe")}</p>
      <p lang="en"><code>vitrine verify</code></p>
    </>
  );
}
