import { describe, expect, it } from "vitest";
import { SCENARIOS, type ScenarioName } from "../../simulation/scenarios.ts";

describe("the broker keeps its rules where", () => {
  it.each(Object.keys(SCENARIOS) as ScenarioName[])("%s", async (name) => {
    expect(await SCENARIOS[name]()).toBe(true);
  });
});
