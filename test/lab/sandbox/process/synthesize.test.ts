import { expect, it } from "vitest";
import { variantVariables } from "../../../../lab/sandbox/process/synthesize.ts";

it("A synthesis gets the sandbox's settings and the read lag that it runs with", () => {
  expect(variantVariables(2.5)).toEqual({
    TIMELATCH_SETTINGS: "sandbox",
    TIMELATCH_READ_LAG_SECONDS: "2.5",
  });
});

it("A synthesis without a read lag keeps the settings' own", () => {
  expect(variantVariables(0)).toEqual({ TIMELATCH_SETTINGS: "sandbox" });
});
