// The worker in which a page that a server gives runs the verifier.
import wasmHash from "../wasm/observer/web_observer_bg.wasm?integrity";
import init from "../wasm/observer/web_observer.js";
import wasmUrl from "../wasm/observer/web_observer_bg.wasm?url";
import { serve } from "./serve";

serve(init({ module_or_path: fetch(wasmUrl, { integrity: wasmHash }) }));
