import { openBackend } from "lib/train/backend.ts";
import { testBlocksAgainstPyTorch } from "./testdata/multi_scale_golden.ts";

await openBackend();
testBlocksAgainstPyTorch();
