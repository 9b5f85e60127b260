/**
 * Which of TensorFlow's operations a training step spends its time in.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";

/** The function of the native binding through which every operation goes. */
interface Binding {
  executeOp(name: string, ...rest: unknown[]): unknown;
}

/**
 * Runs steps with a clock around every operation. Operations are computed where they are called, one
 * after the other, so the clocks do not overlap.
 *
 * @param step one training step on the TensorFlow backend
 * @returns milliseconds a step by operation, the longest first
 */
export function operationTimes(step: () => void, steps: number): Record<string, number> {
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const total = new Map<string, number>();
  const executeOp: Binding["executeOp"] = (name, ...rest) => {
    const start = performance.now();
    const result = binding.executeOp(name, ...rest);
    total.set(name, (total.get(name) ?? 0) + performance.now() - start);
    return result;
  };
  // The binding's own properties cannot be changed.
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
  try {
    for (let i = 0; i < steps; i++) step();
  } finally {
    backend.binding = binding;
  }
  const sorted = [...total].sort(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.map(([name, ms]) => [name, ms / steps]));
}
