import assert from "node:assert/strict";
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { runChild } from "lib/setup/child.ts";
import { startProcess } from "./process.ts";

// Without its site packages, a Python has no library of others, whatever is installed.
const bare = ["python3", "-I", "-S"];
const ignore = !(await runChild([...bare, "--version"])).ok;
const reason = ignore ? " (skipped: no python3)" : "";
const script = (name: string) => join(root, "tasks", "bench", name);

Deno.test({
  name: `preprocessing.py names missing libraries, and outlives a job that needs them${reason}`,
  ignore,
  async fn() {
    const process = await startProcess([...bare, script("preprocessing.py")]);
    const { versions, missing } = process.facts as Record<string, Record<string, string>>;
    assert.deepEqual(versions, {});
    assert.deepEqual(missing, {
      NumPy: "No module named 'numpy'",
      SciPy: "No module named 'scipy'",
      OpenCV: "No module named 'cv2'",
      dlib: "No module named 'dlib'",
    });
    for (const job of ["flow", "magnify", "decode", "face", "nonsense"]) {
      await assert.rejects(process.ask({ do: job }), /^Error: \w+Error: /);
    }
    await process.end();
  },
});

Deno.test({
  name: `descriptors.py names missing libraries, and outlives a job that needs them${reason}`,
  ignore,
  async fn() {
    const process = await startProcess([...bare, script("descriptors.py")]);
    const { versions, missing } = process.facts as Record<string, Record<string, string>>;
    assert.deepEqual(versions, {});
    assert.deepEqual(Object.keys(missing!), ["NumPy", "scikit-image", "scikit-learn"]);
    for (const job of ["lbp_top", "svc", "rpca"]) {
      await assert.rejects(process.ask({ do: job }), /^Error: \w+Error: /);
    }
    await process.end();
  },
});

Deno.test({
  name: `step.py says in one line that PyTorch is missing${reason}`,
  ignore,
  async fn() {
    await assert.rejects(startProcess([...bare, script("step.py"), "stst-net"]), (error) => {
      assert.ok(error instanceof SetupError);
      assert.match(
        error.message,
        /cannot import torch \(No module named 'torch'\)\. Install it there, or leave --python out/,
      );
      return true;
    });
  },
});
