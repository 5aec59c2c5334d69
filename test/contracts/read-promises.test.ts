import { describe, expect, it } from "vitest";
import { READ_CASES } from "./read-cases.ts";
import { READ_PROMISES } from "./read-promises.ts";

describe("The promises of reads", () => {
  it("Every read of every store has a case in the contract of reads", () => {
    const reads = Object.entries(READ_PROMISES).flatMap(([name, methods]) =>
      Object.entries(methods).flatMap(([method, promise]) =>
        promise === "write" ? [] : `${name}.${method}`,
      ),
    );
    const cases = new Set(READ_CASES.map(({ read }) => read));
    // When a table was made never changes.
    expect(reads.filter((read) => !cases.has(read))).toEqual(["records.since"]);
    expect([...cases].filter((read) => !reads.includes(read))).toEqual([]);
  });
});
