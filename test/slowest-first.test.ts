import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import type { TestSpecification } from "vitest/node";
import { SLOW, SlowestFirst } from "./slowest-first.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const [first = "", second = ""] = Object.entries(SLOW)
  .toSorted(([, a], [, b]) => b - a)
  .map(([file]) => file);

/** The names of test files as they are started, on a machine that has run only those that failed. */
async function started(
  files: readonly (readonly [group: number, name: string])[],
  failed: readonly string[] = [],
): Promise<readonly string[]> {
  const cache = {
    getTestSpecificationResult: ({ moduleId }: TestSpecification) =>
      failed.includes(path.relative(ROOT, moduleId)) ? { failed: true, duration: 1 } : undefined,
  };
  const sequencer = new SlowestFirst({ config: { root: ROOT }, cache } as never);
  const specifications = files.map(([groupOrder, name]) => ({
    moduleId: path.join(ROOT, name),
    project: { name: `group ${groupOrder}`, config: { sequence: { groupOrder }, isolate: true } },
  }));
  const sorted = await sequencer.sort(specifications as unknown as TestSpecification[]);
  return sorted.map(({ moduleId }) => path.relative(ROOT, moduleId));
}

it("Every test file that is listed as slow exists", () => {
  expect(Object.keys(SLOW).filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
});

it("The slowest test file of a project starts first, however small it is", async () => {
  const quick = "test/e2e/abuse-api.test.ts";
  const files = [quick, second, first].map((name) => [0, name] as const);
  expect(await started(files)).toEqual([first, second, quick]);
});

it("A test file that failed last time starts before the slowest one", async () => {
  const quick = "test/e2e/abuse-api.test.ts";
  const files = [second, quick, first].map((name) => [0, name] as const);
  expect(await started(files, [quick])).toEqual([quick, first, second]);
});

it("A slow test file does not start before the projects that come first", async () => {
  const quick = "test/tidy.test.ts";
  expect(await started([[1, first] as const, [0, quick] as const])).toEqual([quick, first]);
});
