import { describe, expect, it } from "vitest";
import { demoReport } from "../../../../lab/sandbox/demo/report.ts";

const CAN_I = { before: false, during: null, after: null };
const BEFORE = { name: "before", ok: true, detail: "nothing" };

describe("the report of the demo", () => {
  it("The report of the demo is ok when nothing failed", () => {
    expect(demoReport([BEFORE], CAN_I, undefined)).toEqual({
      ok: true,
      steps: [BEFORE],
      canI: CAN_I,
    });
  });

  it("The report of the demo ends with the step that failed", () => {
    const steps = [BEFORE, { name: "request", ok: false, detail: "refused" }];
    expect(demoReport(steps, CAN_I, new Error("refused"))).toEqual({
      ok: false,
      steps,
      canI: CAN_I,
    });
  });

  it("The report of the demo adds a step named demo for a failure outside the steps", () => {
    const { ok, steps } = demoReport([BEFORE], CAN_I, new Error("no cluster"));
    expect(ok).toBe(false);
    expect(steps.at(-1)).toMatchObject({
      name: "demo",
      ok: false,
      detail: expect.stringContaining("no cluster"),
    });
  });
});
