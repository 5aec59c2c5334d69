import { describe, expect, it } from "vitest";
import { shown } from "../../../../cli/doctor/smoke/report/redactable.ts";
import { failureOf } from "../../../../cli/doctor/smoke/run-parts.ts";

const said = (error: unknown, signal = new AbortController().signal) =>
  shown(failureOf(error, signal));

describe("A part that could not be played", () => {
  it("It says that AWS refused a call only where AWS answered", () => {
    const answered = Object.assign(new Error("no"), {
      name: "AccessDeniedException",
      $metadata: { httpStatusCode: 400 },
    });
    expect(said(answered)).toContain("AWS refused it with AccessDeniedException");
    for (const error of [
      new TypeError("fetch failed"),
      Object.assign(new Error("no"), { name: "TimeoutError", $metadata: { attempts: 3 } }),
    ])
      expect(said(error)).toBe(
        `a call had no answer (${error.name}), so the rest of this part is not settled`,
      );
  });

  it("It says that somebody stopped it, whatever a call threw", () => {
    expect(said(new TypeError("fetch failed"), AbortSignal.abort())).toBe("it was stopped");
  });
});
