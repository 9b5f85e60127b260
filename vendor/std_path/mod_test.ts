import assert from "node:assert/strict";
import * as path from "@std/path";

Deno.test("@std/path splits and joins paths as the package from JSR documents", {
  ignore: Deno.build.os === "windows",
}, () => {
  assert.equal(path.join("a", "..", "b", "", "c.png "), "b/c.png ");
  assert.equal(path.dirname("a/b/c.tar.gz"), "a/b");
  assert.equal(path.dirname("c"), ".");
  assert.equal(path.basename("a/c.tar.gz", ".gz"), "c.tar");
  assert.equal(path.extname("a.b/c.tar.gz"), ".gz");
  assert.equal(path.extname(".hidden"), "");
  assert.equal(path.relative("/a/b/c", "/a/d"), "../../d");
  assert.equal(path.normalize("/a/./b//../c/"), "/a/c/");
  assert.equal(path.resolve("/a", "../b"), "/b");
  assert.equal(path.isAbsolute("a/b"), false);
  assert.deepEqual(path.parse("/a/b.c"), {
    root: "/",
    dir: "/a",
    base: "b.c",
    ext: ".c",
    name: "b",
  });
  assert.equal(path.format({ dir: "/a", base: "b.c" }), "/a/b.c");
  assert.equal(path.SEPARATOR, "/");
});

Deno.test("@std/path turns paths into URLs and back, odd characters included", () => {
  const name = path.resolve("/tmp/50 % of #1?/ä.png");
  assert.equal(path.fromFileUrl(path.toFileUrl(name)), name);
  assert.equal(path.fromFileUrl("file:///a%20b"), path.resolve("/a b"));
});
