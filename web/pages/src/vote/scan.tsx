// A QR code's text, by the camera or from a picture. Pictures go to the worker and nowhere else.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { VoterClient } from "../voter/client";
import type { Picture } from "../voter/message";
import { useTexts } from "../common/texts";

const WIDEST = 1000;

function greyOf(source: CanvasImageSource, width: number, height: number): Picture | null {
  const scale = Math.min(1, WIDEST / Math.max(width, height, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Uint8Array(canvas.width * canvas.height);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = ((data[4 * at] ?? 0) * 3 + (data[4 * at + 1] ?? 0) * 6 + (data[4 * at + 2] ?? 0)) / 10;
  }
  return { width: canvas.width, height: canvas.height, grey };
}

export function Scan({ client, onText, id }: { client: VoterClient; onText(text: string): void; id: string }): JSX.Element {
  const { t } = useTexts();
  const [looking, setLooking] = useState(false);
  const [word, setWord] = useState("");
  const video = useRef<HTMLVideoElement>(null);
  const heard = useRef(onText);
  heard.current = onText;

  useEffect(() => {
    if (!looking) return undefined;
    let wanted = true;
    let stream: MediaStream | undefined;
    const look = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      const shown = video.current;
      if (shown === null) return;
      shown.srcObject = stream;
      await shown.play();
      while (wanted) {
        const picture = greyOf(shown, shown.videoWidth, shown.videoHeight);
        const text = picture === null ? null : await client.call("scan", picture);
        if (text !== null && wanted) {
          setLooking(false);
          heard.current(text);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    look()
      .catch(() => {
        if (wanted) setWord(t("no-camera"));
        setLooking(false);
      })
      .finally(() => stream?.getTracks().forEach((track) => track.stop()));
    return () => {
      wanted = false;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [looking, client, t]);

  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      const bitmap = await createImageBitmap(file);
      const picture = greyOf(bitmap, bitmap.width, bitmap.height);
      bitmap.close();
      const text = picture === null ? null : await client.call("scan", picture);
      if (text === null) setWord(t("no-qr"));
      else {
        setWord("");
        heard.current(text);
      }
    } catch {
      setWord(t("no-qr"));
    }
  };

  return (
    <div class="field">
      <p>
        <button type="button" class="second" aria-pressed={looking} onClick={() => { setWord(""); setLooking(!looking); }}>{t(looking ? "camera-off" : "camera")}</button>
      </p>
      {looking ? <video ref={video} muted playsInline aria-label={t("camera-picture")} /> : null}
      <label for={id}>{t("picture")}</label>
      <input id={id} type="file" accept="image/*" onChange={(event) => void read(event.currentTarget.files?.[0])} />
      <p role="status">{word}</p>
    </div>
  );
}
