// The page's side of a worker. Every page has one kind of worker, whose script and WebAssembly are checked before they run (WEB-4).

/** What went wrong. */
export interface Fault {
  /** In small letters and hyphens; never changes its meaning. */
  code: string;
  rule?: string;
  /** Details, in English. */
  text: string;
  params?: Record<string, string>;
}

export interface Progress {
  done: number;
  total: number;
  stage?: string;
}

export interface Request {
  id: number;
  method: string;
  params: unknown;
}

export type Reply = { id: number; ok: unknown } | { id: number; fault: Fault } | { id: number; progress: Progress };

/** What a request ends with when it is not answered. */
export class FaultError extends Error {
  constructor(readonly fault: Fault) {
    super(fault.code);
  }
}

/** The fault behind anything that was thrown. */
export function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  return { code: "stopped", text: error instanceof Error ? error.message : String(error) };
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: FaultError): void;
  progress: ((progress: Progress) => void) | undefined;
}

/** How a worker is started, once its script was found to be the right one. */
export type Start = () => Promise<Worker>;

type Asked<M, K extends keyof M> = M[K] extends [infer P, unknown] ? P : never;
type Answered<M, K extends keyof M> = M[K] extends [unknown, infer R] ? R : never;

/** A worker with methods: each name with what is asked and what is answered. */
export class WorkerClient<M extends object> {
  #worker: Promise<Worker> | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(readonly start: Start) {}

  /** Asks; a fault is thrown as a {@link FaultError}. What is in `transfer` is given away. */
  async call<K extends keyof M & string>(
    method: K, params: Asked<M, K>, progress?: (progress: Progress) => void, transfer: Transferable[] = [],
  ): Promise<Answered<M, K>> {
    const worker = await (this.#worker ??= this.#begin());
    const id = this.#next++;
    return new Promise<Answered<M, K>>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as Answered<M, K>), reject, progress });
      worker.postMessage({ id, method, params }, transfer);
    });
  }

  /** Ends the worker with all it knows; requests under way fail with `cancelled`. The next request starts another. */
  async cancel(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    (await worker?.catch(() => undefined))?.terminate();
    this.#fail({ code: "cancelled", text: "stopped by you" });
  }

  async #begin(): Promise<Worker> {
    const worker = await this.start();
    worker.addEventListener("message", (event: MessageEvent<Reply>) => this.#hear(event.data));
    worker.addEventListener("error", (event) => {
      this.#worker = undefined;
      // A script that cannot be loaded says nothing.
      this.#fail({ code: "stopped", text: event.message ?? "the worker cannot be loaded" });
    });
    return worker;
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ("progress" in reply) {
      waiting.progress?.(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if ("fault" in reply) waiting.reject(new FaultError(reply.fault));
    else waiting.resolve(reply.ok);
  }

  #fail(fault: Fault): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new FaultError(fault));
    this.#waiting.clear();
  }
}

interface Policy {
  createScriptURL(url: string): string;
}

interface Policies {
  createPolicy(name: string, rules: Policy): Policy;
}

/** Starts the one worker of a page, from an address that was compiled into the page. */
export function startOf(workerUrl: string): Start {
  const rules: Policy = {
    createScriptURL(url) {
      if (url !== workerUrl) throw new TypeError("not this page's worker");
      return url;
    },
  };
  // The one Trusted Types policy of a page blesses the one address of its worker (WEB-22).
  const policy: Policy = (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy("app", rules) ?? rules;
  return async () => {
    await check(workerUrl);
    return new Worker(policy.createScriptURL(workerUrl), { type: "module" });
  };
}

/** WEB-4: a worker whose script has another hash than the page says is not started. */
async function check(workerUrl: string): Promise<void> {
  if (!import.meta.env.PROD) return;
  const metas = [...document.querySelectorAll<HTMLMetaElement>("meta[name=vitrine-integrity]")];
  const meta = metas.find(({ dataset }) => dataset["file"] !== undefined && workerUrl.endsWith(`/${dataset["file"]}`));
  if (meta === undefined) throw new FaultError({ code: "stopped", text: "the page names no hash for its worker" });
  const answer = await fetch(workerUrl, { integrity: meta.content });
  await answer.arrayBuffer();
}
