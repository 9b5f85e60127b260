/**
 * The networks of the npm package face-api, on TensorFlow.js's WebAssembly backend.
 *
 * Runs in a worker thread ({@linkcode openDetector}), because TensorFlow.js has one engine and one
 * active backend a thread: there it is WebAssembly whatever the thread that asks computes with. The
 * library and the weights come from the installed packages, nothing from the network.
 *
 * @module
 */
import { createRequire } from "node:module";
import { dirname, join } from "@std/path";
import facePackage from "@vladmandic/face-api/package.json" with { type: "json" };
import wasmPackage from "@tensorflow/tfjs-backend-wasm/package.json" with { type: "json" };
import { SetupError } from "lib/core/errors.ts";
import type { Box } from "./box.ts";

/** An image as the networks read it: red, green, blue, 8 bits each, interleaved. */
export interface Picture {
  readonly rgb: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** A face, how it was found, and where its features are. */
export interface Detection {
  readonly box: Box;
  /** How sure the network is, .5 to 1. */
  readonly score: number;
  /** The network that found it. */
  readonly detector: DetectorName;
  /** The 68 points of face-api's own network: x and y in turn, in pixels of the picture. */
  readonly landmarks: Float32Array<ArrayBuffer>;
}

/** The networks that look for a face, in the order they are asked. */
export const detectorNames = ["tiny-416", "tiny-320", "ssd-mobilenet-v1"] as const;

/** A network that looks for a face; the number is the side of its input in pixels. */
export type DetectorName = typeof detectorNames[number];

/** What computes: packages with their versions, for the record of a result. */
export const netsLibrary =
  `face-api ${facePackage.version} on tfjs-wasm ${wasmPackage.version}` as const;

/** Faces with a lower score are taken for something else. */
const leastScore = 0.5;

/**
 * The face that the first network that finds any is surest of; of equally sure ones the largest, then
 * the leftmost. Nothing when none of the networks finds one.
 */
export type Detect = (picture: Picture) => Promise<Detection | undefined>;

interface Tensor {
  dispose(): void;
}
interface FoundFace {
  readonly score: number;
  readonly box: Box;
}
interface Net {
  loadFromWeightMap(weights: Record<string, Tensor>): void;
}
/** The part of face-api that is used here; its own declarations bring all of TensorFlow.js's again. */
interface FaceApi {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    ready(): Promise<void>;
    getBackend(): string;
    enableProdMode(): void;
    tensor3d(values: Int32Array, shape: readonly number[], type: "int32"): Tensor;
    slice3d(tensor: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
    readonly io: {
      decodeWeights(bytes: ArrayBuffer, specifications: readonly unknown[]): Record<string, Tensor>;
    };
  };
  readonly nets: {
    readonly tinyFaceDetector: Net & {
      locateFaces(image: Tensor, options: unknown): Promise<FoundFace[]>;
    };
    readonly ssdMobilenetv1: Net & {
      locateFaces(image: Tensor, options: unknown): Promise<FoundFace[]>;
    };
    readonly faceLandmark68Net: Net & {
      detectLandmarks(image: Tensor): Promise<{ positions: { x: number; y: number }[] }>;
    };
  };
  readonly TinyFaceDetectorOptions: new (options: unknown) => unknown;
  readonly SsdMobilenetv1Options: new (options: unknown) => unknown;
}

/**
 * Loads the library and the two small networks; the SSD is read when it is first needed.
 *
 * @throws SetupError when a package is not installed or WebAssembly does not become the backend
 */
export async function openNets(): Promise<Detect> {
  const { api, folder } = await openLibrary();
  const { tinyFaceDetector, faceLandmark68Net } = api.nets;
  await loadWeights(api, tinyFaceDetector, join(folder, "tiny_face_detector_model"));
  await loadWeights(api, faceLandmark68Net, join(folder, "face_landmark_68_model"));
  const ssd = once(() =>
    loadWeights(api, api.nets.ssdMobilenetv1, join(folder, "ssd_mobilenetv1_model"))
  );
  return async (picture) => {
    const { rgb, width, height } = picture;
    const image = api.tf.tensor3d(Int32Array.from(rgb), [height, width, 3], "int32");
    try {
      for (const detector of detectorNames) {
        if (detector === "ssd-mobilenet-v1") await ssd();
        const best = surest(await locate(api, detector, image));
        if (!best) continue;
        const landmarks = await pointsIn(api, image, insideOf(picture, best.box));
        return { ...best, detector, landmarks };
      }
      return undefined;
    } finally {
      image.dispose();
    }
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => done ??= work();
}

async function locate(api: FaceApi, name: DetectorName, image: Tensor): Promise<FoundFace[]> {
  const { nets: { tinyFaceDetector, ssdMobilenetv1 } } = api;
  if (name === "ssd-mobilenet-v1") {
    const options = new api.SsdMobilenetv1Options({ minConfidence: leastScore });
    return await ssdMobilenetv1.locateFaces(image, options);
  }
  const inputSize = Number(name.slice("tiny-".length));
  const options = new api.TinyFaceDetectorOptions({ inputSize, scoreThreshold: leastScore });
  return await tinyFaceDetector.locateFaces(image, options);
}

/** Of several faces the one with the highest score, of equal ones the largest, then the leftmost. */
export function surest(faces: readonly FoundFace[]): FoundFace | undefined {
  const area = ({ box }: FoundFace): number => box.width * box.height;
  const [best] = faces.toSorted((a, b) =>
    b.score - a.score || area(b) - area(a) || a.box.x - b.box.x || a.box.y - b.box.y
  );
  if (!best) return undefined;
  const { box: { x, y, width, height }, score } = best;
  return { box: { x, y, width, height }, score };
}

async function openLibrary(): Promise<{ api: FaceApi; folder: string }> {
  const require = createRequire(import.meta.url);
  try {
    const wasm = require("@tensorflow/tfjs-backend-wasm");
    const binaries = dirname(require.resolve("@tensorflow/tfjs-backend-wasm"));
    // Always the same build, so that the digits do not depend on what the machine could do.
    const simd = join(binaries, "tfjs-backend-wasm-simd.wasm");
    wasm.setWasmPaths({
      "tfjs-backend-wasm.wasm": simd,
      "tfjs-backend-wasm-simd.wasm": simd,
      "tfjs-backend-wasm-threaded-simd.wasm": simd,
    });
    wasm.setThreadsCount(1);
    const api: FaceApi = require("@vladmandic/face-api/dist/face-api.node-wasm.js");
    api.tf.enableProdMode();
    await api.tf.setBackend("wasm");
    await api.tf.ready();
    requireWasm(api.tf.getBackend());
    const folder = dirname(require.resolve("@vladmandic/face-api/package.json"));
    return { api, folder: join(folder, "model") };
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`Cannot load the face detector (${(error as Error).message})`, {
      fix: "Run `deno install` in the project's folder",
    });
  }
}

/**
 * Checks what the networks compute with: TensorFlow.js falls back to plain JavaScript without a
 * word, and takes 25 times as long.
 *
 * @throws SetupError when it is not WebAssembly
 */
export function requireWasm(backend: string): void {
  if (backend === "wasm") return;
  throw new SetupError(`The face detector's backend is '${backend}' instead of 'wasm'`, {
    fix: "Run `deno install` in the project's folder; the processor needs WebAssembly's SIMD",
  });
}

async function loadWeights(api: FaceApi, net: Net, path: string): Promise<void> {
  const groups: { paths: string[]; weights: unknown[] }[] = JSON.parse(
    await Deno.readTextFile(`${path}-weights_manifest.json`),
  );
  const parts = groups.flatMap(({ paths }) => paths.map((name) => join(dirname(path), name)));
  const bytes = await new Blob(await Promise.all(parts.map((part) => Deno.readFile(part))))
    .arrayBuffer();
  net.loadFromWeightMap(api.tf.io.decodeWeights(bytes, groups.flatMap(({ weights }) => weights)));
}

/** A box in whole pixels that lies inside a picture and has at least one. */
function insideOf({ width, height }: Picture, box: Box): Box {
  const x = clamp(Math.floor(box.x), 0, width - 1);
  const y = clamp(Math.floor(box.y), 0, height - 1);
  return {
    ...{ x, y },
    width: clamp(Math.floor(box.x + box.width), x + 1, width) - x,
    height: clamp(Math.floor(box.y + box.height), y + 1, height) - y,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

async function pointsIn(
  api: FaceApi,
  image: Tensor,
  { x, y, width, height }: Box,
): Promise<Float32Array<ArrayBuffer>> {
  const face = api.tf.slice3d(image, [y, x, 0], [height, width, 3]);
  try {
    const { positions } = await api.nets.faceLandmark68Net.detectLandmarks(face);
    return Float32Array.from(positions.flatMap((point) => [x + point.x, y + point.y]));
  } finally {
    face.dispose();
  }
}
