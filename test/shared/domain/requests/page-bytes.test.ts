/** How many events fit on a page. */
import { describe, expect, it } from "vitest";
import { countOnPage, PAGE_BYTES } from "../../../../shared/domain/requests/page-bytes.ts";

/** An item of this length as JSON. */
const item = (bytes: number) => "x".repeat(bytes - 2);

describe("The items on a page", () => {
  it("They are as many as were asked for, or all", () => {
    const three = [item(10), item(10), item(10)];
    expect([0, 1, 3, 4].map((limit) => countOnPage(three, limit))).toEqual([0, 1, 3, 3]);
    expect(countOnPage([], 10)).toBe(0);
  });

  it("Together they have at most this number of bytes, and exactly this number fits", () => {
    const half = item(PAGE_BYTES / 2);
    expect(countOnPage([half, half, item(10)], 10)).toBe(2);
    expect(countOnPage([half, item(PAGE_BYTES / 2 + 1)], 10)).toBe(1);
  });

  it("The first is on the page however long it is", () => {
    expect(countOnPage([item(PAGE_BYTES * 2), item(10)], 10)).toBe(1);
  });

  it("A character counts as its bytes in UTF-8", () => {
    expect(countOnPage(["ü".repeat(PAGE_BYTES / 2), item(3)], 10)).toBe(1);
  });
});
