/**
 * The thread that the networks run in.
 *
 * @module
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { type Detect, type Detection, openNets, type Picture } from "./nets.ts";

/** What the thread is asked: to get ready, or for the face of a picture. */
export type Question = "open" | Picture;

/** What it answers: what it found, or what went wrong. */
export type Answer =
  | { readonly found: Detection | undefined }
  | { readonly error: string; readonly setup: boolean };

let nets: Promise<Detect> | undefined;

async function answer(question: Question): Promise<Detection | undefined> {
  const detect = await (nets ??= openNets());
  return question === "open" ? undefined : await detect(question);
}

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  try {
    self.postMessage({ found: await answer(data) } satisfies Answer);
  } catch (error) {
    const { name, message } = error as Error;
    self.postMessage({ error: message, setup: name === "SetupError" } satisfies Answer);
  }
};
