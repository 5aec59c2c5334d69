/** A smoke test's look at calls about an entry while EKS updates the cluster. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { asAdmin, remains, runSmoke, type SmokeWorld, smokeWorld } from "./smoke-world.ts";

let world: SmokeWorld;
beforeAll(async () => {
  world = await smokeWorld();
});
beforeEach(() => asAdmin(world));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => world.close());

type Gate = NonNullable<Parameters<typeof runSmoke>[2]>["gate"];
const play = (gate?: Gate, only: readonly string[] = ["update"]) =>
  runSmoke(
    world,
    { smoke: ["staging"], only },
    { pace: { pollMs: 20, roleSeconds: 5, updateSeconds: 20 }, ...(gate ? { gate } : {}) },
  );
const logsOf = (cluster: string) => world.home.eks.state.clusters[cluster]?.logTypes ?? ["audit"];

it("Sees that EKS takes calls while it updates the cluster, and switches the log off again", async () => {
  const { document, failure } = await play();
  expect(document.failed).toEqual([]);
  expect(document.facts).toMatchObject([
    {
      fact: "entry-while-updating",
      verdict: "holds",
      says: expect.stringMatching(
        /^EKS updated staging for [\d.]+ s, and refused 0 of \d+ calls about an entry meanwhile, for at most /,
      ),
      numbers: { refused: 0 },
    },
  ]);
  expect(document.left).toEqual([]);
  expect(failure).toBeUndefined();
  expect(logsOf("staging")).toEqual(["audit"]);
  expect(remains(world)).toEqual([]);
});

it("An EKS that refuses them says for how long, and a long time is a fault", async () => {
  const denied = Object.assign(new Error("The cluster is updated."), {
    name: "InvalidRequestException",
    $fault: "client",
  });
  const { document } = await play(async (command, send) => {
    if (/^(?:Dis)?[Aa]ssociateAccessPolicyCommand$/.test(command)) throw denied;
    return send();
  });
  const [fact] = document.facts;
  expect(fact?.says).toMatch(/refused (\d+) of \1 calls .*\(InvalidRequestException\)/);
  expect(logsOf("staging")).toEqual(["audit"]);
});

it("A crash leaves the log on, and the next run switches it off by the journal", async () => {
  let calls = 0;
  const { document } = await play(async (command, send) => {
    if (command !== "UpdateClusterConfigCommand") return send();
    calls += 1;
    if (calls === 1) await send();
    throw new Error("The machine is gone.");
  });
  expect(document.left).toHaveLength(1);
  const journal = path.join(world.folder, "timelatch-smoke.journal");
  expect(readFileSync(journal, "utf8")).toContain('"kind":"log"');
  await runSmoke(world, { smoke: true, clean: true }, { pace: { pollMs: 20 } });
  expect(logsOf("staging")).toEqual(["audit"]);
  expect(remains(world)).toEqual([]);
});
