import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { sha256 } from "lib/core/json.ts";
import { type BindingPlace, bindingPlace } from "./paths.ts";
import { findDamage, readStamp, type Stamp, writeStamp } from "./stamp.ts";

/** A package folder with a small stand-in for each file that set-up brings. */
async function withInstall(
  body: (place: BindingPlace, stamp: Stamp) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const place = bindingPlace(folder);
    await Deno.mkdir(dirname(place.binding), { recursive: true });
    await Deno.mkdir(place.libraries, { recursive: true });
    await Deno.writeTextFile(place.binding, "binding");
    await Deno.writeTextFile(join(place.libraries, "library.so"), "12345");
    const stamp: Stamp = {
      recipe: "r",
      build: "b",
      tensorflow: "2.21.0",
      gpu: false,
      compiler: "g++",
      binding: sha256("binding"),
      libraries: { "library.so": 5 },
    };
    await body(place, stamp);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readStamp() reads what writeStamp() wrote, and nothing from a broken file", async () => {
  await withInstall(async (place, stamp) => {
    assert.equal(await readStamp(place), undefined);
    await writeStamp(place, stamp);
    assert.deepEqual(await readStamp(place), stamp);
    await Deno.writeTextFile(place.stamp, "{");
    assert.equal(await readStamp(place), undefined);
    await Deno.writeTextFile(place.stamp, "null");
    assert.equal(await readStamp(place), undefined);
  });
});

Deno.test("findDamage() accepts a whole install and names what is wrong with another", async () => {
  await withInstall(async (place, stamp) => {
    const library = join(place.libraries, "library.so");
    assert.equal(await findDamage(place, stamp), undefined);
    await Deno.writeTextFile(library, "123");
    assert.equal(await findDamage(place, stamp), "library.so has 3 bytes instead of 5");
    await Deno.remove(library);
    assert.equal(await findDamage(place, stamp), "library.so is missing");
    await Deno.writeTextFile(place.binding, "bindinG");
    assert.equal(await findDamage(place, stamp), "the binding is damaged");
    await Deno.remove(place.binding);
    assert.equal(await findDamage(place, stamp), "the binding is missing");
  });
});
