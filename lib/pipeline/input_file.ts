/**
 * Prepared clips on disk: what came out of one clip, under a key of everything it depends on.
 *
 * The file is one line of JSON, then the inputs as little-endian Float32, one after the other.
 *
 * @module
 */
import { join } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import { canonicalJson, digest, sha256 } from "lib/core/json.ts";
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";
import type { ClipSettings } from "./settings.ts";

/** Everything that a prepared clip depends on; its digest is the key. */
export interface InputKey {
  readonly clip: string;
  /** Digest of the clip's frames and annotation. */
  readonly digest: string;
  readonly settings: ClipSettings;
  /** Module → digest of what it does. */
  readonly code: Readonly<Record<string, string>>;
  /** The processor family: native decoders may differ between them. */
  readonly arch: string;
}

/** What was done to a clip, for logs and for readers. */
export interface ClipLog {
  /** The detector and its score. */
  readonly detector: string;
  readonly score: number;
  /** Where the facial points come from. */
  readonly landmarks: string;
  /** Frames from onset to offset, and the apex among them, counted from the onset. */
  readonly frames: number;
  readonly apex: number;
  readonly apexFrom: "sheet" | "spotted" | "unused";
  /** Smallest and largest gain applied to a frame. */
  readonly gains: readonly [number, number];
  /** The frames chosen, counted from the onset, and how. */
  readonly keyFrames: readonly number[];
  readonly keyFrameRule: string;
  /** The largest head motion that was subtracted, in pixels of the crop. */
  readonly drift: number;
}

/** What came out of one clip. */
export type PreparedClip =
  | {
    readonly outcome: "ready";
    /** The input, and after it the shifted and mirrored copies if there are any. */
    readonly inputs: readonly { readonly name: string; readonly volume: Volume }[];
    readonly log: ClipLog;
  }
  | { readonly outcome: "no face" };

interface Head {
  readonly format: "fleeting-input/1";
  readonly key: InputKey;
  readonly outcome: PreparedClip["outcome"];
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly log?: ClipLog;
  /** SHA-256 of the numbers. */
  readonly numbers: string;
}

/** The file that holds a prepared clip. */
export function inputPath(folder: string, key: InputKey): string {
  const readable = key.clip.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 60);
  return join(folder, `${readable}.${digest(key).slice(0, 20)}.input`);
}

/** Writes a prepared clip; the file is whole or not there. */
export async function writeInput(
  file: string,
  key: InputKey,
  prepared: PreparedClip,
): Promise<void> {
  const inputs = prepared.outcome === "ready" ? prepared.inputs : [];
  const total = inputs.reduce((sum, { volume }) => sum + volume.data.length, 0);
  const numbers = new Float32Array(total);
  let at = 0;
  for (const { volume } of inputs) {
    numbers.set(volume.data, at);
    at += volume.data.length;
  }
  const bytes = new Uint8Array(numbers.buffer);
  const head: Head = {
    format: "fleeting-input/1",
    key,
    outcome: prepared.outcome,
    inputs: inputs.map(({ name, volume }) => ({ name, shape: volume.shape })),
    ...(prepared.outcome === "ready" ? { log: prepared.log } : {}),
    numbers: sha256(bytes),
  };
  const line = new TextEncoder().encode(
    canonicalJson({ ...head, digest: digest(head) }) + "\n",
  );
  const content = new Uint8Array(line.length + bytes.length);
  content.set(line);
  content.set(bytes, line.length);
  await writeAtomic(file, content);
}

/**
 * Reads a prepared clip.
 *
 * @returns `missing` when there is no such file, `damaged` when it is not what was written
 */
export async function readInput(
  file: string,
  key: InputKey,
): Promise<PreparedClip | "missing" | "damaged"> {
  let content: Uint8Array;
  try {
    content = await Deno.readFile(file);
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "missing" : "damaged";
  }
  try {
    return decode(content, key);
  } catch {
    return "damaged";
  }
}

function decode(content: Uint8Array, key: InputKey): PreparedClip | "damaged" {
  const end = content.indexOf(10);
  const line = JSON.parse(new TextDecoder().decode(content.subarray(0, end)));
  const { digest: written, ...head } = line as Head & { readonly digest: string };
  const bytes = content.slice(end + 1);
  const sound = written === digest(head) && digest(head.key) === digest(key) &&
    head.numbers === sha256(bytes);
  if (!sound) return "damaged";
  if (head.outcome === "no face") return { outcome: head.outcome };
  const numbers = new Float32Array(bytes.buffer);
  let at = 0;
  const inputs = head.inputs.map(({ name, shape }) => {
    const size = sizeOf(shape);
    at += size;
    return { name, volume: volume(numbers.slice(at - size, at), shape) };
  });
  return { outcome: "ready", inputs, log: head.log! };
}
