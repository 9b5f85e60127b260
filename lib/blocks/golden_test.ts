import { openBackend } from "lib/train/backend.ts";
import { testAgainstPyTorch } from "./testdata/golden.ts";

await openBackend();
testAgainstPyTorch({ firstOfTies: true });
