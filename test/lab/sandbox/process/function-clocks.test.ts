import { describe, expect, it } from "vitest";
import { UsageError } from "../../../../lab/command-line.ts";
import { functionClocks } from "../../../../lab/sandbox/process/function-clocks.ts";
import type { FunctionResource } from "../../../../lab/sandbox/template/stack.ts";

const functions = ["ApiFunction685AAB5B", "ConvergeFunctionD02DBDF1", "SweepFunctionAD2133BD"].map(
  (id) => ({ name: `Timelatch-${id}`, arn: `arn:${id}` }) as FunctionResource,
);

describe("the clocks of functions", () => {
  it("The clocks of functions are found by the functions' short names, in milliseconds", () => {
    const clocks = functionClocks(functions, { api: 5, converge: -2.5 });
    expect([...clocks]).toEqual([
      ["arn:ApiFunction685AAB5B", 5_000],
      ["arn:ConvergeFunctionD02DBDF1", -2_500],
    ]);
  });

  it("The clocks of functions are refused for an unknown function, with the names of the stack's functions", () => {
    const refused = () => functionClocks(functions, { apis: 5 });
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow("the stack has no function apis. It has api, converge, sweep.");
  });
});
