import assert from "node:assert/strict";
import { SetupError } from "lib/core/errors.ts";
import { tensorflowBuild } from "./builds.ts";
import { zigWheel } from "./wheels.ts";

Deno.test("tensorflowBuild() pins one wheel by digest for each system it knows", () => {
  const systems = [
    ["linux", "x86_64", "tensorflow-cpu", "libtensorflow_cc.so.2"],
    ["linux", "aarch64", "tensorflow", "libtensorflow_cc.so.2"],
    ["darwin", "aarch64", "tensorflow", "libtensorflow_cc.2.dylib"],
  ] as const;
  const ids = systems.map(([os, arch, name, library]) => {
    const build = tensorflowBuild({ os, arch, gpu: false });
    assert.deepEqual(build.wheels.map((wheel) => wheel.name), [name]);
    assert.match(build.wheels[0]!.sha256, /^[0-9a-f]{64}$/);
    assert.ok(build.wheels[0]!.parts.includes(`tensorflow/${library}`));
    return build.id;
  });
  assert.equal(new Set(ids).size, 3);
});

Deno.test("tensorflowBuild() adds NVIDIA's libraries for a GPU, all pinned", () => {
  const build = tensorflowBuild({ os: "linux", arch: "x86_64", gpu: true });
  assert.equal(build.wheels[0]!.name, "tensorflow");
  assert.ok(build.wheels.some((wheel) => wheel.name === "nvidia-cudnn-cu12"));
  for (const { sha256 } of build.wheels) assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.equal(new Set(build.wheels.map((wheel) => wheel.sha256)).size, build.wheels.length);
});

Deno.test("tensorflowBuild() names the way out where there is no library", () => {
  const refused = (message: RegExp) => (error: Error) =>
    error instanceof SetupError && message.test(error.message);
  assert.throws(
    () => tensorflowBuild({ os: "darwin", arch: "x86_64", gpu: false }),
    refused(/no TensorFlow library for darwin x86_64.*--backend wasm/),
  );
  assert.throws(
    () => tensorflowBuild({ os: "windows", arch: "x86_64", gpu: false }),
    refused(/Subsystem for Linux/),
  );
  assert.throws(
    () => tensorflowBuild({ os: "darwin", arch: "aarch64", gpu: true }),
    refused(/only on x86-64 Linux/),
  );
});

Deno.test("zigWheel() exists for Linux only", () => {
  assert.match(zigWheel("linux", "x86_64")!.sha256, /^[0-9a-f]{64}$/);
  assert.notEqual(zigWheel("linux", "aarch64")!.sha256, zigWheel("linux", "x86_64")!.sha256);
  assert.equal(zigWheel("darwin", "aarch64"), undefined);
});
