/** The parts of a smoke test, against an emulated AWS that is as strict as the real one. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { asAdmin, remains, runSmoke, type SmokeWorld, smokeWorld } from "./smoke-world.ts";

let world: SmokeWorld;

async function inWorld(...given: Parameters<typeof smokeWorld>): Promise<SmokeWorld> {
  world = await smokeWorld(...given);
  asAdmin(world);
  return world;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

/** As quick as an emulated AWS allows. */
const QUICK = {
  pollMs: 20,
  readSeconds: 0.3,
  fuseSeconds: 1,
  fuseLateSeconds: 1,
  fuseApartSeconds: 0,
};

const verdicts = (facts: readonly { readonly fact: string; readonly verdict: string }[]) =>
  Object.fromEntries(facts.map(({ fact, verdict }) => [fact, verdict]));

describe("The part entries", () => {
  it("Settles what EKS does with an entry, and leaves nothing", async () => {
    const { document, failure } = await runSmoke(
      await inWorld(),
      { smoke: ["staging"], only: ["entries"] },
      { pace: QUICK },
    );
    expect(document.failed).toEqual([]);
    expect(verdicts(document.facts)).toEqual({
      ...{ "read-lag": "holds", "role-lag": "holds", token: "holds", scope: "holds" },
      ...{ "client-error": "holds", username: "holds", "created-at": "holds" },
      "entry-arn": "holds",
    });
    expect(document.facts[0]?.says).toMatch(
      /^reads of the entry on staging were at most 0 s behind: 0 of \d+ reads showed an earlier state; the broker waits 1 s$/,
    );
    expect(failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  });

  it("Finds reads that are further behind than the broker waits, and says which setting to raise", async () => {
    const { document, failure } = await runSmoke(
      await inWorld({ eksReadLagSeconds: 2.5 }),
      { smoke: ["staging"], only: ["entries"] },
      { pace: { ...QUICK, readSeconds: 2.5 } },
    );
    const [entry] = document.facts.filter(({ fact }) => fact === "read-lag");
    expect(entry).toMatchObject({ verdict: "contradicted" });
    expect(entry?.numbers?.["behindSeconds"]).toBeGreaterThan(1);
    expect(entry?.next).toMatch(/^raise readLagSeconds above [2345], /);
    expect(failure?.exit).toBe("unwell");
    expect(remains(world)).toEqual([]);
  }, 60_000);
});

describe("The part fuse", () => {
  it("Arms fuses as converge does, and sees the access and the entry go", async () => {
    const { document, failure } = await runSmoke(
      await inWorld(),
      { smoke: ["staging"], only: ["fuse"] },
      { pace: QUICK },
    );
    expect(document.failed).toEqual([]);
    expect(document.facts).toMatchObject([
      { fact: "fuse-fires", verdict: "holds", says: expect.stringMatching(/took the access on/) },
      {
        fact: "fuse-fires",
        verdict: "holds",
        says: expect.stringMatching(/took the access entry/),
      },
    ]);
    expect(failure).toBeUndefined();
    expect(remains(world)).toEqual([]);
  }, 60_000);

  it("Finds a fuse that Scheduler refuses", async () => {
    await inWorld();
    const role = Object.values(world.state.iam.state.roles).find(
      ({ roleName }) => roleName === "timelatch-fuse",
    );
    world.state.iam.change(({ roles }) => {
      delete roles[role?.arn ?? ""];
    });
    const { document, failure } = await runSmoke(
      world,
      { smoke: ["staging"], only: ["fuse"] },
      { pace: QUICK },
    );
    expect(document.facts).toMatchObject([
      {
        ...{ fact: "fuse-taken", verdict: "contradicted" },
        says: expect.stringMatching(/refuses the fuse on staging with ValidationException/),
      },
    ]);
    expect(failure?.exit).toBe("unwell");
    expect(remains(world)).toEqual([]);
  });

  it("Finds a fuse that does not fire, and says where to look", async () => {
    await inWorld();
    world.behaviour.lossProbability = 1;
    const { document } = await runSmoke(
      world,
      { smoke: ["staging"], only: ["fuse"] },
      { pace: QUICK },
    );
    expect(verdicts(document.facts)).toEqual({ "fuse-fires": "contradicted" });
    expect(document.facts[0]?.says).toMatch(/was still there 2 s after the fuse was to fire$/);
    expect(document.facts[0]?.next).toMatch(/queue for lost schedules/);
    expect(remains(world)).toEqual([]);
  }, 60_000);
});
