import { describe, expect, it } from "vitest";
import { SANDBOX } from "../../../../infra/synth/settings.ts";
import { MARGIN_SECONDS, windowSeconds } from "../../../../lab/sandbox/demo/pace.ts";

const NAMES = ["first", "second", "breakGlass"] as const;

describe("a grant of the demo", () => {
  it("A grant of the demo is computed with the margin of the sandbox's settings", () => {
    expect(MARGIN_SECONDS).toBe(SANDBOX.broker.marginSeconds);
  });

  it.each(NAMES)(
    "The demo's %s grant lasts the minimum duration at least, however fast the machine is",
    (name) => {
      const seconds = windowSeconds(name, { roundSeconds: 0.01, slack: 1 }) + MARGIN_SECONDS;
      expect(seconds).toBeGreaterThanOrEqual(SANDBOX.broker.minimumDurationSeconds);
    },
  );

  it.each(NAMES)(
    "The demo's %s grant lasts whole seconds, and longer on a slower machine",
    (name) => {
      const slow = windowSeconds(name, { roundSeconds: 7.3, slack: 3 });
      expect(Number.isInteger(slow)).toBe(true);
      expect(slow).toBeGreaterThan(7.3 * 3);
      expect(windowSeconds(name, { roundSeconds: 7.3, slack: 9 })).toBeGreaterThan(2 * slow);
    },
  );
});
