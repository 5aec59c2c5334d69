import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { blobFolder } from "../../../../lab/sandbox/process/blob-folder.ts";

it("The bytes of S3's objects survive a restart, until they are removed", () => {
  const dir = path.join(mkdtempSync(path.join(tmpdir(), "blobs-")), "objects");
  const bytes = Buffer.from([0, 255, 10]);
  blobFolder(dir).write("one", bytes);
  expect(blobFolder(dir).read("one")).toEqual(bytes);
  expect(readdirSync(dir)).toEqual(["one"]);
  blobFolder(dir).remove("one");
  blobFolder(dir).remove("one");
  expect(readdirSync(dir)).toEqual([]);
});
