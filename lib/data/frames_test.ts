import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encode } from "fast-bmp";
import { DataError } from "lib/core/errors.ts";
import { decodeFrame, imageLibrary } from "./frames.ts";
import images from "./testdata/images.json" with { type: "json" };

const sharp = await imageLibrary();

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

for (const [name, image] of Object.entries(images)) {
  Deno.test(`decodeFrame() gives the pixels that OpenCV gives: ${name}`, async () => {
    const frame = await decodeFrame(bytesOf(image.file), name);
    const [height, width, channels = 1] = image.shape;
    assert.deepEqual([frame.height, frame.width, frame.channels], [height, width, channels]);
    const expected = bytesOf(image.pixels);
    if (image.bits === 8) assert.deepEqual(frame.data, expected);
    else assert.deepEqual(frame.data, new Uint16Array(expected.buffer));
  });
}

const [width, height] = [5, 3];
const colour = Uint8Array.from({ length: 45 }, (_, i) => (37 * i) % 256);
const grey = Uint8Array.from({ length: 15 }, (_, i) => (29 * i) % 256);
const raw = (data: Uint8Array, channels: 1 | 3) =>
  sharp(data, { raw: { width, height, channels } });

/** Rows from bottom to top of a BMP turned around, with the header to match. */
function topDown(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const pixels = view.getUint32(10, true);
  const row = (bytes.length - pixels) / height;
  view.setInt32(22, -height, true);
  for (let y = 0; y < height; y++) {
    copy.set(
      bytes.subarray(pixels + (height - 1 - y) * row, pixels + (height - y) * row),
      pixels + y * row,
    );
  }
  return copy;
}

const bmp24 = encode({ width, height, channels: 3, components: 3, bitsPerPixel: 24, data: colour });

/** A BMP of 32 bits with the short header that has no masks. */
function bmp32(): Uint8Array {
  const bytes = new Uint8Array(54 + 4 * width * height);
  bytes.set(bmp24.subarray(0, 54));
  const view = new DataView(bytes.buffer);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setUint16(28, 32, true);
  for (let i = 0; i < width * height; i++) {
    const at = (height - 1 - Math.floor(i / width)) * width + (i % width);
    const [r, g, b] = colour.subarray(3 * i, 3 * i + 3);
    bytes.set([b!, g!, r!, 77], 54 + 4 * at);
  }
  return bytes;
}

Deno.test("decodeFrame() drops alpha and ignores a palette's order", async () => {
  const alpha = await raw(colour, 3).ensureAlpha(0.5).png().toBuffer();
  assert.deepEqual((await decodeFrame(alpha, "a.png")).data, colour);
  const greyAlpha = await raw(grey, 1).toColourspace("b-w").ensureAlpha(0.5).png().toBuffer();
  const decoded = await decodeFrame(greyAlpha, "a.png");
  assert.equal(decoded.channels, 1);
  assert.deepEqual(decoded.data, grey);
  const few = colour.map((value) => value & 0xc0);
  const palette = await raw(few, 3).png({ palette: true, dither: 0, quality: 100 }).toBuffer();
  assert.equal(palette[25], 3, "the test file has no palette");
  assert.deepEqual((await decodeFrame(palette, "p.png")).data, few);
});

Deno.test("decodeFrame() reads BMPs of 32 bits, from top to bottom, and with palettes", async () => {
  assert.deepEqual((await decodeFrame(bmp32(), "32.bmp")).data, colour);
  assert.deepEqual((await decodeFrame(topDown(bmp24), "t.bmp")).data, colour);
  assert.deepEqual((await decodeFrame(topDown(bmp32()), "t.bmp")).data, colour);
  const bytes = encode({ width, height, channels: 1, components: 1, bitsPerPixel: 8, data: grey });
  const plain = await decodeFrame(bytes, "8.bmp");
  assert.equal(plain.channels, 1);
  assert.deepEqual(plain.data, grey);
  // Blue, green, red and nothing: entry 29 becomes a colour.
  const palette = 14 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(14, true);
  bytes.set([1, 2, 3, 0], palette + 4 * 29);
  const coloured = await decodeFrame(bytes, "8.bmp");
  assert.equal(coloured.channels, 3);
  assert.deepEqual(coloured.data.subarray(0, 6), Uint8Array.of(0, 0, 0, 3, 2, 1));
});

Deno.test("decodeFrame() goes by content, not by name", async () => {
  const png = await raw(colour, 3).png().toBuffer();
  assert.deepEqual((await decodeFrame(png, "frame.jpg")).data, colour);
});

const jpeg = bytesOf(images["colour.jpg"].file);
const png = bytesOf(images["colour.png"].file);
const changed = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};
const bad: Readonly<Record<string, readonly [Uint8Array | Promise<Uint8Array>, RegExp]>> = {
  "an empty file": [new Uint8Array(0), /The file is empty/],
  "text": [new TextEncoder().encode("not an image"), /Not a JPEG, PNG or BMP image/],
  "half a JPEG": [jpeg.subarray(0, jpeg.length / 2), /cut off/],
  "a JPEG without its last bytes": [jpeg.subarray(0, jpeg.length - 3), /cut off/],
  "a JPEG's first bytes": [jpeg.subarray(0, 30), /cut off/],
  "half a PNG": [png.subarray(0, png.length / 2), /cut off/],
  "a damaged PNG": [changed(png, png.length - 40, 1, 2, 3, 4, 5, 6), /damaged/],
  "a PNG's first bytes": [png.subarray(0, 20), /cut off/],
  "half a BMP": [bmp24.subarray(0, 150), /cut off/],
  "a BMP's first bytes": [bmp24.subarray(0, 30), /cut off/],
  "a BMP with compression": [changed(bmp24, 30, 1), /compression.*Save the frame/],
  "a BMP of 4 bits": [changed(bmp24, 28, 4), /of 4 bits/],
  "a BMP that claims 2^31 rows": [changed(bmp24, 22, 0, 0, 0, 0x80), /more than a frame/],
  "a PNG that claims 65535² pixels": [
    changed(png, 16, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff),
    /65535×65535 pixels are more than a frame can have/,
  ],
  "a PNG without pixels": [changed(png, 16, 0, 0, 0, 0), /no pixels/],
  "a JPEG in CMYK": [raw(colour, 3).toColourspace("cmyk").jpeg().toBuffer(), /CMYK.*Convert/],
};

for (const [what, [bytes, message]] of Object.entries(bad)) {
  Deno.test(`decodeFrame() refuses ${what}, naming the file`, async () => {
    const given = new Uint8Array(await bytes);
    await assert.rejects(decodeFrame(given, "sub01/img3.jpg"), (error: Error) => {
      assert.ok(error instanceof DataError, String(error));
      assert.match(error.message, /^sub01\/img3\.jpg: /);
      assert.doesNotMatch(error.message, /\n/);
      return message.test(error.message) || assert.fail(error.message);
    });
  });
}
