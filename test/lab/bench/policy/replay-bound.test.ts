import { expect, it } from "vitest";
import { replayOf } from "../../../../lab/bench/policy/replay-bound.ts";

it("The requests of the archive that is measured come out as they were decided", async () => {
  const { holds, lines } = await replayOf(20);
  expect({ holds, lines }).toMatchObject({
    holds: true,
    lines: [expect.stringMatching(/^holds .* 0 come out otherwise$/)],
  });
});
