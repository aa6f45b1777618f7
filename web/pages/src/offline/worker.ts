// The verifier's worker in the page that is a single file: the module comes from the page, because nothing can be fetched.
import init from "../wasm/observer/web_observer.js";
import { serve } from "../verifying/serve";

let begin: (wasm: ArrayBuffer) => void = () => undefined;
const wasm = new Promise<ArrayBuffer>((resolve) => { begin = resolve; });
serve(wasm.then((bytes) => init({ module_or_path: bytes })), (bytes) => begin(bytes));
