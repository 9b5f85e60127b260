import assert from "node:assert/strict";
import { root } from "lib/experiment/find.ts";
import { attribute, backendEnvironment, hasRawOps, openBackend, runOp, tf } from "./backend.ts";
import { checkGradient } from "./gradient_check.ts";

const wasmOnly = Deno.env.get("FLEETING_BACKEND") === "wasm";

/** A test that needs TensorFlow's library; skipped, and said to be, where wasm is asked for. */
function testTensorFlow(name: string, body: () => void | Promise<void>): void {
  const skipped = wasmOnly ? " (skipped: FLEETING_BACKEND is wasm)" : "";
  Deno.test({ name: name + skipped, ignore: wasmOnly, fn: body });
}

/** Runs a few lines in a process of their own, as a user's script would be. */
async function runScript(
  script: string,
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, script);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", "--no-lock", "--config", `${root}/deno.json`, file],
      env: { NO_COLOR: "1", ...env },
    }).output();
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

const convolve = (options: string): string => `
import { openBackend, tf } from "lib/train/backend.ts";
await openBackend(${options});
const x = tf.ones([2, 8, 8, 8, 3]), w = tf.ones([3, 3, 3, 3, 4]);
tf.grad((v) => tf.sum(tf.conv3d(x, v, 1, "same")))(w).dataSync();
tf.image.resizeBilinear(tf.ones([1, 4, 4, 1]), [2, 2]).dataSync();
`;

Deno.test("backendEnvironment() pins threads and instructions", () => {
  const env = backendEnvironment({ backend: "tensorflow", threads: 3 });
  assert.equal(env.TF_NUM_INTRAOP_THREADS, "3");
  assert.equal(env.TF_NUM_INTEROP_THREADS, "3");
  assert.equal(env.OMP_NUM_THREADS, "3");
  assert.equal(env.TF_ENABLE_ONEDNN_OPTS, "1");
  assert.equal(env.ONEDNN_MAX_CPU_ISA, "AVX2");
  assert.notEqual(backendEnvironment({ isa: "native" }).ONEDNN_MAX_CPU_ISA, "AVX2");
});

Deno.test("backendEnvironment() refuses what is not a number of threads", () => {
  assert.throws(() => backendEnvironment({ threads: 0 }), RangeError);
  assert.throws(() => backendEnvironment({ threads: 1.5 }), RangeError);
});

for (const backend of ["tensorflow", "wasm"] as const) {
  const test = backend === "wasm" ? Deno.test : testTensorFlow;
  test(`openBackend() prints nothing on ${backend}`, async () => {
    const script = `${convolve(`{ backend: "${backend}" }`)}\nconsole.log(tf.getBackend());`;
    assert.deepEqual(await runScript(script), { code: 0, stdout: `${backend}\n`, stderr: "" });
  });
}

testTensorFlow("openBackend() leaves standard error usable", async () => {
  const { stderr } = await runScript(`${convolve("{}")}\nconsole.error("after");`);
  assert.equal(stderr, "after\n");
});

testTensorFlow("openBackend() shows TensorFlow's messages when they are asked for", async () => {
  const { stderr } = await runScript(convolve("{}"), { TF_CPP_MIN_LOG_LEVEL: "0" });
  assert.match(stderr, /oneDNN custom operations are on/);
});

for (const threads of [1, 2]) {
  const supported = Deno.build.arch === "x86_64";
  testTensorFlow(
    `openBackend() gives TensorFlow ${threads} thread(s) and the instructions`,
    async () => {
      const isa = threads === 1 ? "avx2" : "native";
      const { stdout } = await runScript(convolve(`{ threads: ${threads}, isa: "${isa}" }`), {
        ONEDNN_VERBOSE: "1",
      });
      if (!supported) return;
      assert.match(stdout, new RegExp(`runtime:threadpool,nthr:${threads}\\b`));
      // oneDNN names the best set it may use: never more than AVX2 unless asked.
      if (isa === "avx2") assert.doesNotMatch(stdout, /isa:.*AVX-?512/i);
      else if (await hasAvx512()) assert.match(stdout, /isa:.*AVX-?512/i);
    },
  );
}

async function hasAvx512(): Promise<boolean> {
  return / avx512f /.test(await Deno.readTextFile("/proc/cpuinfo").catch(() => ""));
}

testTensorFlow("openBackend() answers twice alike, and refuses another backend", async () => {
  const info = await openBackend();
  assert.deepEqual(await openBackend(), info);
  assert.equal(info.name, "tensorflow");
  assert.equal(info.library, `TensorFlow ${info.version}`);
  assert.equal(info.threads, 1);
  assert.equal(info.isa, "avx2");
  await assert.rejects(openBackend({ backend: "wasm" }), /already uses tensorflow/);
  await assert.rejects(openBackend({ threads: 2 }), /already uses tensorflow, 1 thread/);
});

Deno.test("openBackend() refuses a backend that does not exist", async () => {
  const { code, stderr } = await runScript(convolve("{}"), { FLEETING_BACKEND: "torch" });
  assert.equal(code, 1);
  assert.match(stderr, /SetupError: FLEETING_BACKEND: Unknown backend 'torch'/);
});

testTensorFlow("checkGradient() is right on TensorFlow", async () => {
  await openBackend();
  assert.deepEqual(checkGradient().found, checkGradient().expected);
});

testTensorFlow("runOp() runs an operation with attributes of several types", async () => {
  await openBackend();
  assert.equal(hasRawOps(), true);
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 6], [4, 1, 1, 1]);
    const [y, mean, variance] = runOp(
      "FusedBatchNormV3",
      {
        T: attribute.type("float32"),
        U: attribute.type("float32"),
        epsilon: attribute.float(0.5),
        data_format: attribute.string("NHWC"),
        is_training: attribute.bool(true),
      },
      [x, tf.ones([1]), tf.zeros([1]), tf.tensor1d([]), tf.tensor1d([])],
      6,
    );
    // Mean 3; squares of the deviations 4, 1, 0, 9 over n - 1 = 3; (1 - 3) / sqrt(14 / 4 + 0.5) = -1.
    assert.deepEqual([...mean!.dataSync()], [3]);
    assert.ok(Math.abs(variance!.dataSync()[0]! - 14 / 3) < 1e-5);
    assert.ok(Math.abs(y!.dataSync()[0]! - -1) < 1e-6);
  });
});

testTensorFlow("runOp() keeps state in resource variables", async () => {
  await openBackend();
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const dtype = attribute.type("float32");
    const variable = (name: string, value: number[]): tf.Tensor => {
      const [handle] = runOp("VarHandleOp", {
        dtype,
        shape: attribute.shape([value.length]),
        shared_name: attribute.string(name),
      }, []);
      runOp("AssignVariableOp", { dtype }, [handle!, tf.tensor1d(value)], 0);
      return handle!;
    };
    const [w, m, v] = [variable("w", [1, 2]), variable("m", [0, 0]), variable("v", [0, 0])];
    const scalars = [0.9, 0.999, 0.1, 0.9, 0.999, 1e-8].map((value) => tf.scalar(value));
    runOp(
      "ResourceApplyAdam",
      { T: dtype },
      [w, m, v, ...scalars, tf.tensor1d([5, -5])],
      0,
    );
    // Adam's first step is the rate, against the sign of the gradient.
    const [after] = runOp("ReadVariableOp", { dtype }, [w]);
    assert.ok(Math.abs(after!.dataSync()[0]! - 0.9) < 1e-6);
    assert.ok(Math.abs(after!.dataSync()[1]! - 2.1) < 1e-6);
  });
  assert.equal(tf.memory().numTensors, before);
});

testTensorFlow("runOp() says what TensorFlow refuses", async () => {
  await openBackend();
  assert.throws(() => runOp("NoSuchOp", {}, []), /NoSuchOp/);
});
