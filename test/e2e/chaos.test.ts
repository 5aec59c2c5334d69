/** A minute of chaos on the real parts, with a seed that is always the same: `npm run chaos` has the others. */
import { expect, it } from "vitest";
import { runChaos } from "../../lab/chaos/run-chaos.ts";
import { separateEngines } from "./shared-engine.ts";

// One of its faults has the engine stand still.
separateEngines();

/**
 * The events of the run: people, others, faults, kills of functions and of the sandbox, and
 * DynamoDB standing still.
 */
const SEED = 1;

it("A minute of faults, kills and people leaves no access, and loses no request, message or evidence", async () => {
  const { verdicts, figures, actions } = await runChaos({
    ...{ minutes: 1, seed: SEED, isSmall: true, progress: () => undefined },
    signal: AbortSignal.timeout(500_000),
  });
  const found = verdicts.flatMap(({ sentence, findings }) =>
    findings.map(({ request, detail }) => `${sentence} ${request ?? ""} ${detail}`),
  );
  expect(found).toEqual([]);
  // It did something: a run that does nothing is clean too. How much depends on the machine.
  expect(figures["grantsEnded"]).toBeGreaterThan(0);
  expect(Object.keys(actions)).toEqual(
    expect.arrayContaining(["ask", "aws-fault", "kill-sandbox"]),
  );
}, 510_000);
