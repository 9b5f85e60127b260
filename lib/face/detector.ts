/**
 * Finding the face in a frame.
 *
 * @module
 */
import { SetupError } from "lib/core/errors.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { type Detection, detectorNames, netsLibrary } from "./nets.ts";
import { toRgb8 } from "./pixels.ts";
import type { Answer, Question } from "./worker.ts";

export { type Detection, detectorNames, netsLibrary };

/** A face detector; close it when it is no longer needed, else the process does not end. */
export interface Detector {
  /**
   * The face of a frame, by the tiny YOLO of face-api at an input of 416 pixels, then at 320, then
   * by its SSD: the first that finds any answers. With several faces in view the answer is the one
   * that network is surest of (score at least .5), of equal ones the largest.
   *
   * @returns nothing when there is no face
   */
  detect(frame: Frame): Promise<Detection | undefined>;
  close(): void;
}

/**
 * Opens a detector in a thread of its own, so that the backend that this thread computes with stays
 * as it is. One network runs at a time, on one core; equal frames give equal bits.
 *
 * @throws SetupError when face-api or TensorFlow.js's WebAssembly backend cannot be loaded
 */
export async function openDetector(): Promise<Detector> {
  const { ask, close } = openThread();
  try {
    await ask(() => "open");
  } catch (error) {
    close();
    throw error;
  }
  return {
    detect: (frame) =>
      ask(() => ({ rgb: toRgb8(frame), width: frame.width, height: frame.height })),
    close,
  };
}

interface Waiting {
  readonly resolve: (found: Detection | undefined) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  /** Asks a question, which is made when its turn has come. */
  readonly ask: (question: () => Question) => Promise<Detection | undefined>;
  readonly close: () => void;
}

/** Starts the worker; questions are answered one after the other. */
function openThread(): Thread {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let waiting: Waiting | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let ended: Error | undefined;
  const settle = (use: (waiting: Waiting) => void): void => {
    const was = waiting;
    waiting = undefined;
    if (was) use(was);
  };
  const end = (reason: Error): void => {
    ended ??= reason;
    worker.terminate();
    settle(({ reject }) => reject(reason));
  };
  worker.onmessage = ({ data }: MessageEvent<Answer>) =>
    settle(({ resolve, reject }) => {
      if ("found" in data) resolve(data.found);
      else reject(data.setup ? new SetupError(data.error) : new Error(data.error));
    });
  worker.onerror = (event) => {
    event.preventDefault();
    end(new Error(`The face detector's thread ended: ${event.message}`));
  };
  const send = (make: () => Question): Promise<Detection | undefined> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      const question = make();
      waiting = { resolve, reject };
      worker.postMessage(question, question === "open" ? [] : [question.rgb.buffer]);
    });
  return {
    ask: (question) => {
      const next = last.then(() => send(question));
      last = next.catch(() => {});
      return next;
    },
    close: () => end(new Error("The face detector was closed")),
  };
}
