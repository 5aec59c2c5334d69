import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { setup } from "./global-setup.ts";

it("Tests make their temporary folders in a folder of the run", () => {
  expect(path.basename(tmpdir())).toMatch(/^timelatch-tests-/);
});

it("The end of a run removes every temporary folder that a test left behind", () => {
  const before = tmpdir();
  const end = setup();
  const left = mkdtempSync(path.join(tmpdir(), "left-"));
  end();
  expect(existsSync(path.dirname(left))).toBe(false);
  expect(tmpdir()).toBe(before);
});
