/**
 * Our face finder and its regressor alone, for work on them: `deno bench -A tasks/bench/face_bench.ts`.
 * The comparison with dlib is `deno task bench preprocessing`.
 *
 * @module
 */
import { availableRoute, openFaceFinder } from "lib/face/face.ts";
import { findModelFile, openModel } from "lib/face/model.ts";
import { predict } from "lib/face/regressor.ts";
import { drawnPeople } from "./drawn_clips.ts";

const [recording] = drawnPeople(1);
const frame = recording!.frame(recording!.onset);
const finder = await openFaceFinder(await availableRoute());
const face = await finder.find(frame);
Deno.bench({
  name: `face and 68 landmarks by ${finder.route}, 640×480`,
  fn: async () => void await finder.find(frame),
});

const model = await findModelFile();
if (model !== undefined && face !== undefined) {
  const { regressor } = await openModel(model);
  const { box } = face;
  Deno.bench({
    name: "68 landmarks in a given box",
    fn: () => void predict(regressor, frame, box),
  });
}
globalThis.addEventListener("unload", () => finder.close());
