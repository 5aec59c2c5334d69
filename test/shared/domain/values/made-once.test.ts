import { describe, expect, it } from "vitest";
import { madeOnce } from "../../../../shared/domain/values/made-once.ts";

describe("A value that is made once", () => {
  it("The value is made when it is first asked for, and is the same from then on", () => {
    let made = 0;
    const value = madeOnce(() => ({ number: ++made }));
    expect(made).toBe(0);
    expect(value()).toEqual({ number: 1 });
    expect(value()).toBe(value());
    expect(made).toBe(1);
  });

  it("A value that could not be made is made again", () => {
    const results = [new Error("not yet"), { number: 1 }];
    const value = madeOnce(() => {
      const result = results.shift();
      if (result instanceof Error || result === undefined) throw result;
      return result;
    });
    expect(value).toThrow("not yet");
    expect(value()).toEqual({ number: 1 });
  });
});
