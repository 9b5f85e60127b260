import { openBackend } from "lib/train/backend.ts";
import { testAgainstPyTorch } from "./testdata/golden.ts";

await openBackend({ backend: "wasm" });
testAgainstPyTorch({ firstOfTies: false });
