import { render } from "preact";
import "../common/style.css";
import { speak } from "../common/texts";
import enCommon from "../locales/en/common.ftl?raw";
import en from "../locales/en/vote.ftl?raw";
import zhCommon from "../locales/zh/common.ftl?raw";
import zh from "../locales/zh/vote.ftl?raw";
import { App } from "./app";

speak("en", en, enCommon);
speak("zh", zh, zhCommon);
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
