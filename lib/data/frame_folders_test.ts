import assert from "node:assert/strict";
import {
  chooseEdition,
  frameFolders,
  frameNumber,
  hasClipFolder,
  nameKey,
} from "./frame_folders.ts";
import { clipLayouts, withDataFolder } from "./clip_testing.ts";
import { join } from "@std/path";

const pattern = clipLayouts.casme2.frames[0]!.pattern;

Deno.test("frameFolders() puts frames in the order of their numbers", () => {
  const paths = [10, 9, 100, 11].map((n) => `RAW/sub01/EP02_01f/img${n}.jpg`);
  const [folder] = frameFolders("data", [...paths, "RAW/readme.txt"].sort(), pattern);
  assert.deepEqual(folder?.frames.map(({ number }) => number), [9, 10, 11, 100]);
  assert.equal(folder?.edition, "RAW/");
  assert.deepEqual([folder?.subject, folder?.name], ["sub01", "EP02_01f"]);
});

Deno.test("frameFolders() refuses two frames of one number and images without", () => {
  const find = (...names: string[]) =>
    frameFolders("data", names.map((name) => `sub01/EP02_01f/${name}`), pattern);
  assert.throws(() => find("img7.jpg", "reg_img7.jpg"), /reg_img7\.jpg: This has the same frame/);
  assert.throws(() => find("img007.jpg", "img7.jpg"), /same frame number as 'sub01/);
  assert.throws(() => find("face.jpg"), /face\.jpg: .*no frame number/);
});

Deno.test("frameNumber() takes the last number of a file's name", () => {
  assert.equal(frameNumber("a/9/img46.jpg"), 46);
  assert.equal(frameNumber("reg_img046.jpg"), 46);
  assert.equal(frameNumber("006_05562.jpg"), 5562);
  assert.equal(frameNumber("image17581039.bmp"), 17581039);
  assert.equal(frameNumber("s3/face.jpg"), undefined);
});

Deno.test("nameKey() is one for names that differ in case and leading zeros", () => {
  assert.equal(nameKey("s3_ne_1"), nameKey(" S03_ne_01"));
  assert.equal(nameKey("EP02_01f"), nameKey("ep2_1F"));
  assert.notEqual(nameKey("s30_ne_1"), nameKey("s3_ne_1"));
  assert.notEqual(nameKey("s100"), nameKey("s10"));
  assert.notEqual(nameKey("006_1_10"), nameKey("006_1_1"));
});

Deno.test("chooseEdition() prefers frames as filmed to cropped ones", () => {
  const paths = ["Cropped", "CASME2_RAW_selected", "Other"]
    .map((edition) => `${edition}/sub01/EP02_01f/img1.jpg`);
  const { folders, others } = chooseEdition(frameFolders("data", paths, pattern));
  assert.deepEqual(folders.map(({ edition }) => edition), ["CASME2_RAW_selected/"]);
  assert.deepEqual(others, ["Other/", "Cropped/"]);
});

Deno.test("the patterns find the published editions, and not other cameras", () => {
  const match = (set: "smic" | "samm" | "casme2", path: string) =>
    clipLayouts[set].frames.map(({ pattern }) => pattern.exec(path)?.groups?.name)
      .find((name) => name !== undefined);
  assert.equal(
    match("casme2", "CASME2_RAW_selected/CASME2_RAW_selected/sub01/EP02_01f"),
    "EP02_01f",
  );
  assert.equal(match("casme2", "sub01/EP02_01f"), "EP02_01f");
  assert.equal(match("samm", "SAMM_CROP/006/006_1_2"), "006_1_2");
  assert.equal(match("samm", "SAMM_longvideos/006_1"), undefined);
  assert.equal(match("smic", "SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01"), "s1_ne_01");
  assert.equal(match("smic", "HS/s01/non_micro/s1_x_01"), undefined);
  assert.equal(match("smic", "HS_long/SMIC-HS-E/HS/s20/s20_ne_01"), "s20_ne_01");
  for (const camera of ["VIS", "NIR"]) {
    assert.equal(match("smic", `SMIC_all_raw/${camera}/s11/micro/negative/s11_ne_01`), undefined);
    assert.equal(match("smic", `${camera}_long/SMIC-${camera}-E/s11/s11_ne_01`), undefined);
  }
});

Deno.test("hasClipFolder() looks into folders below, and gives up on what is not there", async () => {
  await withDataFolder(async (folder) => {
    assert.equal(await hasClipFolder(folder, [pattern]), false);
    assert.equal(await hasClipFolder(join(folder, "nowhere"), [pattern]), false);
    await Deno.mkdir(join(folder, "x", "Cropped", "sub01", "EP02_01f"), { recursive: true });
    assert.equal(await hasClipFolder(folder, [pattern]), true);
    assert.equal(await hasClipFolder(folder, clipLayouts.samm.frames.map((f) => f.pattern)), false);
  });
});
