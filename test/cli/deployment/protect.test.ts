/** `timelatch protect`, with a CDK that is played. */
import { describe, expect, it } from "vitest";
import type { Api } from "../../../cli/api/api-client.ts";
import { accountProfiles } from "../../../cli/aws/account-identities.ts";
import { type ProtectOptions, protect } from "../../../cli/commands/protect.ts";
import type { ReadEntries } from "../../../cli/deployment/managed-entries.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { deployAll, type FakeDeployment, fakeDeployment, ORDER } from "./fake-deployment.ts";

const DRAIN = { by: "carol", at: "2026-11-24T10:00:00.000Z", reason: "leaving", liftedBy: [] };
const LIVE = {
  id: "01JD0000000000000000000001",
  requester: "alice",
  cluster: "prod",
  state: "active",
};
const ALICE = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";

const apiOf = (drain: object | null, requests: readonly object[] = []): Api =>
  fakeApi(({ path: at }) => (at === "/v1/suspensions" ? { suspended: [], drain } : { requests }));
const none: ReadEntries = async (cluster) => ({ cluster, principals: [] });

function protectHere(
  at: FakeDeployment,
  options: ProtectOptions = {},
  { api = apiOf(DRAIN), entries = none, json = false } = {},
) {
  const terminal = fakeTerminal({ api, json });
  const done = protect(terminal.context, at.folder, options, { ...at, entries });
  return { terminal, done };
}

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const ended = await work.catch((error: unknown) => error);
  if (!(ended instanceof Failure)) throw new Error(`No failure: ${String(ended)}`);
  return ended;
};
const protectedNames = ({ deployed }: FakeDeployment) =>
  [...deployed].flatMap(([name, { isProtected }]) => (isProtected ? [name] : [])).toSorted();
const thereAll = () => {
  const at = fakeDeployment();
  deployAll(at.deployed);
  return at;
};

describe("timelatch protect", () => {
  it("It protects every stack, and says of which that is new", async () => {
    const at = thereAll();
    expect(protectedNames(at)).not.toContain("TimelatchPeople-1");
    const { terminal, done } = protectHere(at);
    await done;
    expect(protectedNames(at)).toEqual(ORDER.toSorted());
    expect(terminal.out()).toContain(
      "TimelatchPeople-1 in us-west-2 of 111122223333 is protected from deletion now.",
    );
    expect(terminal.out()).toContain(
      "Timelatch in us-west-2 of 111122223333 is protected from deletion.",
    );
    expect(at.ran).toEqual(["app.mjs"]);
  });

  it("A stack that is not there is named, and the others are protected", async () => {
    const at = thereAll();
    at.deployed.delete("Timelatch");
    const failure = await failureOf(protectHere(at).done);
    expect(failure).toMatchObject({ exit: "undeployed", code: "stacks-missing" });
    expect(failure.text.findings).toContain(
      "Timelatch in us-west-2 of 111122223333 is not deployed",
    );
    expect(protectedNames(at)).toContain("TimelatchPeople-1");
  });

  it("--json has each stack with what became of it", async () => {
    const { terminal, done } = protectHere(thereAll(), {}, { json: true });
    await done;
    const { stacks } = JSON.parse(terminal.out());
    expect(
      stacks.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]),
    ).toEqual(ORDER.map((name) => [name, "protected"]));
  });

  it("It takes the stacks of the last synthesis, and makes no other", async () => {
    const at = thereAll();
    await protectHere(at).done;
    await protectHere(at).done;
    expect(at.ran).toEqual(["app.mjs"]);
  });

  it("With --off it takes protection away, once the broker is drained and nothing is lent", async () => {
    const at = thereAll();
    await protectHere(at).done;
    const { terminal, done } = protectHere(at, { off: true, yes: true });
    await done;
    expect(protectedNames(at)).toEqual([]);
    expect(terminal.out()).toContain("can be deleted now.");
  });

  it.each<readonly [string, string, Parameters<typeof protectHere>[2]]>([
    ["the broker is not drained", "not-drained", { api: apiOf(null) }],
    ["a grant lives", "grants-live", { api: apiOf(DRAIN, [LIVE]) }],
    [
      "a cluster has an entry of the deployment",
      "entries-live",
      { entries: async (cluster) => ({ cluster, principals: [ALICE] }) },
    ],
  ])("With --off it refuses where %s", async (_what, code, world) => {
    const at = thereAll();
    const before = protectedNames(at);
    const { done } = protectHere(at, { off: true, yes: true }, world);
    expect(await failureOf(done)).toMatchObject({ exit: "conflict", code });
    expect(protectedNames(at)).toEqual(before);
  });

  it("Without an API, the entries say whether something is lent", async () => {
    const at = thereAll();
    const api = fakeApi(() => expect.fail("The API was asked."));
    await protectHere(at, { off: true, yes: true, withoutApi: true }, { api }).done;
    expect(protectedNames(at)).toEqual([]);
  });

  it("With --off it wants a confirmation, and nothing is synthesized without one", async () => {
    const at = thereAll();
    expect(await failureOf(protectHere(at, { off: true }).done)).toMatchObject({ exit: "usage" });
    expect(at.ran).toEqual([]);
  });
});

describe("A profile for an account", () => {
  it("Is written as the account, = and its name", () => {
    expect([...accountProfiles(["444455556666=spoke=1"])]).toEqual([["444455556666", "spoke=1"]]);
  });

  it.each(["spoke", "4444=spoke", "444455556666="])("%s is refused", (given) => {
    expect(() => accountProfiles([given])).toThrow(`--account ${given} is no <account>=<profile>`);
  });
});
