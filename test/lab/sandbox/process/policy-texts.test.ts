import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { policyTexts } from "../../../../lab/sandbox/process/policy-texts.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-texts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const texts = () => policyTexts(path.join(folder, "access.yaml")).map(String);

it("A stack is synthesized again for a change of the people that its policy includes", () => {
  write("access.yaml", "people: { include: people.yaml }");
  expect(texts()).toEqual(["people: { include: people.yaml }", ""]);
  write("people.yaml", "version: 1");
  expect(texts()).toEqual(["people: { include: people.yaml }", "version: 1"]);
});

it("A policy that cannot be read is for the synthesis to report", () => {
  expect(texts()).toEqual(["", ""]);
  write("access.yaml", "people: { include: [");
  expect(texts()).toEqual(["people: { include: [", ""]);
  write("access.yaml", "people: { include: 5 }");
  expect(texts()).toEqual(["people: { include: 5 }", ""]);
});
