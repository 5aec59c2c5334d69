/** The parts of a smoke test, against an emulated AWS that is as strict as the real one. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Api } from "../../../../cli/api/api-client.ts";
import { fakeApi } from "../../fake-terminal.ts";
import {
  asAdmin,
  FORBIDDING,
  remains,
  runSmoke,
  type SmokeWorld,
  smokeWorld,
} from "./smoke-world.ts";

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
      "read-lag": "holds",
      "role-lag": "holds",
      token: "holds",
      scope: "holds",
      "client-error": "holds",
      username: "holds",
      "created-at": "holds",
      "entry-arn": "holds",
      "list-whole": "holds",
      "list-token": "holds",
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
  });
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
  });

  it("Is not misled by reads that show an earlier state", async () => {
    const { document } = await runSmoke(
      await inWorld({ eksReadLagSeconds: 0.9 }),
      { smoke: ["staging"], only: ["fuse"] },
      { pace: { ...QUICK, fuseSeconds: 3 } },
    );
    expect(document.failed).toEqual([]);
    expect(verdicts(document.facts)).toEqual({ "fuse-fires": "holds" });
    expect(document.left).toEqual([]);
    expect(remains(world)).toEqual([]);
  });

  it("Finds access that is gone before its fuse", async () => {
    await inWorld();
    const { document } = await runSmoke(
      world,
      { smoke: ["staging"], only: ["fuse"] },
      {
        // Five reads fit between then and the fuse, however slow the machine is.
        pace: { ...QUICK, pollMs: 1_500, fuseSeconds: 16 },
        gate: async (command, send) => {
          const answer = await send();
          if (command === "CreateScheduleCommand")
            world.home.eks.change(({ clusters }) => {
              for (const entry of Object.values(clusters["staging"]?.entries ?? {}))
                if (entry.principalArn.includes("timelatch-smoke")) entry.policies = {};
            });
          return answer;
        },
      },
    );
    expect(document.facts[0]).toMatchObject({
      fact: "fuse-fires",
      verdict: "contradicted",
      says: "the access on staging was gone before the fuse was to fire",
    });
    expect(remains(world)).toEqual([]);
  });

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
        fact: "fuse-taken",
        verdict: "contradicted",
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
    expect(document.facts[0]?.next).toMatch(/queue for lost fuses in us-west-2/);
    expect(remains(world)).toEqual([]);
  });
});

/** The answers of a broker whose functions run: each event of the history is a finding. */
const brokerThatHears = (event: (operation: string) => object | undefined) =>
  fakeApi(({ path }) => {
    if (path !== "/v1/findings") throw new Error(`Nothing answers ${path}.`);
    const records = world.state.places.flatMap(({ history }) => history.records);
    return {
      findings: records.flatMap(({ eventName, eventTime, requestParameters }) => {
        const found = event(eventName);
        if (!found) return [];
        const principalArn = decodeURIComponent(String(requestParameters?.["principalArn"]));
        return [
          {
            code: "outside-change",
            recordedAt: eventTime,
            state: "open",
            event: { principalArn, eventTime },
            ...found,
          },
        ];
      }),
    };
  });

describe("The part trail", () => {
  const trail = (api?: Api, pace = {}) =>
    runSmoke(
      world,
      { smoke: ["staging"], only: ["trail"] },
      { pace: { ...QUICK, trailPollMs: 600, trailSeconds: 8, ...pace } },
      api,
    );

  it("Says of each of the four calls how late CloudTrail shows it, and whether the broker hears of it", async () => {
    await inWorld();
    const { document } = await trail(brokerThatHears(() => ({})));
    expect(document.failed).toEqual([]);
    expect(document.facts.map(({ fact }) => fact)).toEqual([
      ...["trail", "trail", "trail", "trail", "forwarding"],
    ]);
    expect(verdicts(document.facts)).toEqual({ trail: "holds", forwarding: "holds" });
    expect(document.facts[0]?.says).toMatch(
      /^CloudTrail showed CreateAccessEntry on staging with EKS's request id at most [\d.]+ s after its answer; the broker looks it up after 20 s$/,
    );
    expect(remains(world)).toEqual([]);
  });

  it("Is not misled by reads that show an earlier state", async () => {
    await inWorld({ eksReadLagSeconds: 0.9 });
    const { document } = await trail(brokerThatHears(() => ({})));
    expect(document.failed).toEqual([]);
    expect(document.left).toEqual([]);
    expect(verdicts(document.facts)).toEqual({ trail: "holds", forwarding: "holds" });
    expect(remains(world)).toEqual([]);
  });

  it("Finds an event that CloudTrail loses, and a bus that carries nothing", async () => {
    await inWorld();
    world.faults.serve(
      "POST",
      Buffer.from(
        '{"kind":"trail","effect":"lose","service":"eks","operation":"DeleteAccessEntry"}',
      ),
    );
    const { document, failure } = await trail(
      brokerThatHears(() => undefined),
      { trailSeconds: 2 },
    );
    const wrong = document.facts.filter(({ verdict }) => verdict === "contradicted");
    expect(wrong).toMatchObject([
      {
        fact: "trail",
        says: expect.stringMatching(/did not show DeleteAccessEntry on staging in/),
      },
      {
        fact: "forwarding",
        next: expect.stringMatching(/^look at the rules of the broker's stack/),
      },
    ]);
    expect(failure?.exit).toBe("unwell");
  });

  it("Leaves what only an auditor may read unsettled", async () => {
    await inWorld();
    const { document, failure } = await trail(FORBIDDING);
    expect(document.facts.at(-1)).toMatchObject({ fact: "forwarding", verdict: "unsettled" });
    expect(failure).toBeUndefined();
  });
});
