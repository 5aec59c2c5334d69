import { describe, expect, it } from "vitest";
import { SCENARIOS, type ScenarioName } from "../../../../lab/simulation/scenarios/scenarios.ts";

describe("directed scenarios", () => {
  it.each(Object.keys(SCENARIOS) as ScenarioName[])(
    "the broker keeps its rule when %s",
    async (name) => {
      expect(await SCENARIOS[name]()).toBe(true);
    },
  );
});
