import { render } from "preact";
import "../common/style.css";
import { speak } from "../common/texts";
import enBoard from "../locales/en/board.ftl?raw";
import enCommon from "../locales/en/common.ftl?raw";
import en from "../locales/en/observe.ftl?raw";
import zhBoard from "../locales/zh/board.ftl?raw";
import zhCommon from "../locales/zh/common.ftl?raw";
import zh from "../locales/zh/observe.ftl?raw";
import { App } from "./app";

speak("en", en, enCommon, enBoard);
speak("zh", zh, zhCommon, zhBoard);
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
