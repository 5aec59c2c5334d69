import { describe, expect, it } from "vitest";
import {
  isLessThan,
  lessBody,
  lessTermsOf,
  stepOf,
} from "../../../../console/views/request/less-terms.ts";
import { answerTo, asked } from "../../../cli/sample-requests.ts";

const scoped = (...namespaces: readonly string[]) =>
  ({ policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces } }) as const;
const ASKED = answerTo(asked({ access: scoped("a", "b") }));

describe("approving for less in the console", () => {
  it("All that was asked for is not less, and sends nothing of it", () => {
    const all = lessTermsOf(ASKED);
    expect(isLessThan(ASKED, all)).toBe(false);
    expect(lessBody(ASKED, all)).toEqual({});
  });

  it("Less time, or fewer namespaces, is less, and only that is sent", () => {
    const shorter = { ...lessTermsOf(ASKED), seconds: 1_800 };
    expect(isLessThan(ASKED, shorter)).toBe(true);
    expect(lessBody(ASKED, shorter)).toEqual({ duration: "30m" });
    const fewer = { ...lessTermsOf(ASKED), access: scoped("b") };
    expect(isLessThan(ASKED, fewer)).toBe(true);
    expect(lessBody(ASKED, fewer)).toEqual({ namespaces: ["b"] });
  });

  it.each([
    [14_400, 3_600],
    [3_600, 1_800],
    [1_800, 900],
    [600, 300],
    [120, 60],
    [45, 5],
    [1, 1],
  ])("The slider of %i seconds has steps of %i", (seconds, step) => {
    expect(stepOf(seconds)).toBe(step);
  });
});
