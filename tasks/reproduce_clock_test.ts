import assert from "node:assert/strict";
import { join } from "@std/path";
import { bytesBelow, filesBelow, withRunPlace } from "lib/run/testing.ts";
import { withSoakPlace } from "./soak_place.ts";
import { outcomeOf, quickRow, reproduce, startReproduce } from "./testing.ts";

/** The library that shows another time to processes, as Debian and others install it. */
function findFakeTime(): string | undefined {
  const places = [`/usr/lib/${Deno.build.arch}-linux-gnu`, "/usr/lib", "/usr/local/lib"];
  return places.map((place) => join(place, "faketime", "libfaketimeMT.so.1")).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

const library = findFakeTime();

Deno.test({
  name: "deno task reproduce gives the same bytes while the clock jumps (where libfaketime is)",
  ignore: library === undefined,
  async fn() {
    await withSoakPlace(async (place) => {
      const [, clips = []] = place.orders;
      const clock = join(place.folder, "clock");
      await Deno.writeTextFile(clock, "+0");
      const child = startReproduce(place, clips, {
        ...place.env,
        ...{ LD_PRELOAD: library!, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1" },
        // A clock that is set does not change how much time passes, nor the clock of a file server.
        ...{ FAKETIME_DONT_FAKE_MONOTONIC: "1", NO_FAKE_STAT: "1" },
      });
      let jumps = 0;
      const jumping = setInterval(() => {
        Deno.writeTextFileSync(clock, ["+400d", "-400d", "+1h", "-3y"][jumps++ % 4]!);
      }, 100);
      const { code, err } = await outcomeOf(child, place).finally(() => clearInterval(jumping));
      assert.equal(code, 0, err);
      assert.ok(jumps > 10);
      const found = [await bytesBelow(place.results), await bytesBelow(place.cache)];
      assert.deepEqual([...Deno.readDirSync(place.tmp)], []);
      await Deno.remove(place.run, { recursive: true });
      const plain = await reproduce(place, clips, place.env);
      assert.equal(plain.code, 0, plain.err);
      assert.deepEqual(found, [await bytesBelow(place.results), await bytesBelow(place.cache)]);
    });
  },
});

Deno.test("deno task reproduce does not care when its files were written", async () => {
  await withRunPlace(async (place) => {
    const user = join(place.folder, "user");
    const first = await reproduce(place, quickRow, { FLEETING_CACHE: user });
    assert.equal(first.code, 0, first.err);
    const kept = async () => [await bytesBelow(place.results), await bytesBelow(place.cache)];
    const wanted = await kept();
    for (const [i, path] of filesBelow(place.folder).entries()) {
      const time = new Date(["1980-01-02", "2099-01-01"][i % 2]!);
      await Deno.utime(join(place.folder, path), time, time);
    }
    const second = await reproduce(place, quickRow, { FLEETING_CACHE: user });
    assert.equal(second.code, 0, second.err);
    assert.match(second.err, /bi-woof on synthetic-flow: unchanged\nsummary .*: unchanged\n/);
    assert.deepEqual(await kept(), wanted);
  });
});
