// QR codes, drawn by the worker.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { VoterClient } from "../voter/client";

/** A text as a QR code, drawn by the worker. */
export function Qr({ client, text, label }: { client: VoterClient; text: string; label: string }): JSX.Element | null {
  const [code, setCode] = useState<{ size: number; dark: string } | null>(null);
  useEffect(() => {
    let wanted = true;
    client.call("qr", { text }).then((answer) => wanted && setCode(answer), () => undefined);
    return () => { wanted = false; };
  }, [client, text]);
  if (code === null) return null;
  const box = `-4 -4 ${code.size + 8} ${code.size + 8}`;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={box} shape-rendering="crispEdges">
      <rect x="-4" y="-4" width={code.size + 8} height={code.size + 8} fill="#fff" />
      <path d={code.dark} fill="#000" />
    </svg>
  );
}
