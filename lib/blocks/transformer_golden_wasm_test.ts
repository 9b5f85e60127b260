import { openBackend } from "lib/train/backend.ts";
import { testTransformerAgainstPyTorch } from "./testdata/transformer_golden.ts";

await openBackend({ backend: "wasm" });
testTransformerAgainstPyTorch();
