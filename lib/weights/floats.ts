/**
 * Real numbers as other programs store them.
 *
 * @module
 */

/** Types by their names in `.safetensors` files, with the bytes of a number. */
export const floatTypes = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const;

/** One of {@linkcode floatTypes}. */
export type FloatType = keyof typeof floatTypes;

/** Little-endian numbers, rounded to single precision where they are finer. */
export function readFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  const size = floatTypes[type];
  const count = Math.floor(bytes.length / size);
  // Most files hold hundreds of megabytes of these.
  if (type === "F32" && littleEndian) return new Float32Array(bytes.slice(0, 4 * count).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: count }, (_, i) => {
    switch (type) {
      case "F64":
        return view.getFloat64(size * i, true);
      case "F32":
        return view.getFloat32(size * i, true);
      case "F16":
        return view.getFloat16(size * i, true);
      case "BF16":
        return bfloat16(view.getUint16(size * i, true));
    }
  });
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a single-precision number. */
function bfloat16(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
