import { describe, expect, it } from "vitest";
import { allDone } from "../../../../../shared/usecases/converge/all-done.ts";

describe("Calls that go out together", () => {
  it("All results are answered in their order", async () => {
    expect(await allDone([Promise.resolve(1), "two", Promise.resolve(undefined)])).toEqual([
      1,
      "two",
      undefined,
    ]);
  });

  it("A failure is thrown only once the others have ended, so nothing is under way after it", async () => {
    let hasEnded = false;
    const slow = new Promise((resolve) => setTimeout(resolve, 5)).then(() => {
      hasEnded = true;
    });
    await expect(allDone([Promise.reject(new Error("first")), slow])).rejects.toThrow("first");
    expect(hasEnded).toBe(true);
  });
});
