/** Functions that face people can write requests. A forged extension gains nothing. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { aPolicy, STAGING } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { forgeWhole } from "../../../../../lab/fakes/forge-whole.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { Rule } from "../../../../../shared/domain/policy/policy.ts";
import { digestOf } from "../../../../../shared/domain/requests/digest.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { converge } from "../../../../../shared/usecases/converge/converge.ts";

const later = (instant: string | null | undefined, seconds: number) =>
  plusSeconds(instant ?? "", seconds);
const HOUR = 3_600;
const EXTEND = { times: 2, totalSeconds: 8 * HOUR, approval: "same" } as const;

/** An approved extension of a grant by an hour, with everything in order but for the change. */
function extensionOf(
  broker: MemoryBroker,
  grant: AccessRequest,
  change: Partial<AccessRequest> = {},
  n = 90,
): AccessRequest {
  const at = broker.clock.now();
  const until = change.until ?? later(grant.expiresAt, HOUR);
  const { extendedBy: _, ...rest } = grant;
  const plain: AccessRequest = {
    ...rest,
    id: countedId(n),
    version: 2,
    state: "approved",
    durationSeconds: HOUR,
    extends: grant.id,
    until,
    createdAt: at,
    approvedAt: at,
    approvals: [{ person: "bob", surface: "api", at, proof: {} }],
    effectiveAt: null,
    expiresAt: until,
    revokeAt: plusSeconds(until, -120),
    ...change,
  };
  return { ...plain, digest: digestOf(plain) };
}

const forged = async (broker: MemoryBroker, ...requests: readonly AccessRequest[]) => {
  for (const each of requests) {
    const request = forgeWhole(broker, each, {});
    // Also among the grants of this entry, where it claims to be for another cluster.
    broker.tables.grants.get(broker.binding)?.set(request.id, request);
  }
  await broker.converge();
  return Promise.all(requests.map((request) => broker.reload(request)));
};

describe("A forged extension", () => {
  it("A forged extension that is in order in every way begins, so each test below shows one fault", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const [extension] = await forged(broker, extensionOf(broker, grant));
    expect(extension?.state).toBe("active");
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it.each<[string, (grant: AccessRequest) => Partial<AccessRequest>, string]>([
    [
      "has a later end than its own",
      (g) => ({ expiresAt: later(g.expiresAt, 2 * HOUR) }),
      "wrong-deadline",
    ],
    [
      "lasts until later than its duration after the grant",
      (g) => ({ until: later(g.expiresAt, HOUR + 1) }),
      "wrong-deadline",
    ],
    [
      "lasts for longer than the rule's total",
      (g) => ({ until: later(g.expiresAt, 8 * HOUR), durationSeconds: 8 * HOUR }),
      "too-long",
    ],
    [
      "has more access than the grant",
      () => ({ access: edit("payments-api", "payments-web") }),
      "other-terms",
    ],
    ["has other access than the grant", () => ({ access: edit("payments-web") }), "other-terms"],
    ["is for another person", () => ({ requester: "carol" }), "not-for-you"],
    ["is by another rule", () => ({ rule: "view-staging" }), "other-cluster"],
    ["names no grant that exists", () => ({ extends: countedId(77) }), "predecessor-over"],
    ["extends itself", () => ({ extends: countedId(90) }), "predecessor-over"],
    ["was approved by nobody", () => ({ approvals: [] }), "not-approved"],
  ])("A forged extension that %s adds nothing", async (_, change, code) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const before = broker.operations().length;
    const [extension] = await forged(broker, extensionOf(broker, grant, change(grant)));
    expect(extension).toMatchObject({ state: "failed", outcome: { code } });
    expect(broker.operations(before)).toEqual([]);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });

  it("A forged extension that is for another cluster is left out", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const before = broker.operations().length;
    const change = { cluster: { name: "staging", arn: STAGING.arn } };
    const [extension] = await forged(broker, extensionOf(broker, grant, change));
    expect(extension).toMatchObject({ state: "approved" });
    expect(broker.operations(before)).toEqual([]);
  });

  it.each([
    ["as it began", {}, ["payments-api"]],
    ["of another grant since", { extends: countedId(77) }, []],
  ])(
    "Access that others remove from an extension that is %s is restored only if it is",
    async (_as, change, restored) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      const [extension] = await forged(broker, extensionOf(broker, grant));
      await broker.convergeAtEnd(grant);
      await broker.settle();
      if (!extension) throw new Error("There is no extension.");
      const changed = { ...extension, ...change };
      forge(broker, { ...changed, digest: digestOf(changed) }, {});
      broker.othersPut({});
      await broker.settle();
      expect(broker.namespaces(EDIT)).toEqual(restored);
    },
  );

  it("An extension that claims to be approved for less adds nothing, though all of it fits", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const less = extensionOf(broker, grant, {
      durationSeconds: HOUR / 2,
      until: later(grant.expiresAt, HOUR / 2),
    });
    const asked = { access: less.access, durationSeconds: HOUR };
    const approvals = less.approvals.map((each) => ({ ...each, digest: less.digest }));
    const earlierTerms = [{ ...asked, digest: digestOf({ ...less, ...asked }) }];
    const [extension] = await forged(broker, { ...less, approvals, earlierTerms });
    expect(extension).toMatchObject({ state: "failed", outcome: { code: "terms-widened" } });
  });

  it("A plain request that claims to last until later is a plain request", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const { extends: _, ...plain } = extensionOf(broker, grant);
    const [request] = await forged(broker, { ...plain, digest: digestOf(plain) });
    expect(request).toMatchObject({ state: "failed", outcome: { code: "wrong-deadline" } });
  });

  it("An extension that names no end ends its duration after its approval", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const { until: _, ...rest } = extensionOf(broker, grant);
    const [request] = await forged(broker, { ...rest, digest: digestOf(rest) });
    expect(request).toMatchObject({ state: "failed", outcome: { code: "wrong-deadline" } });
  });

  it("An extension of a grant that was over adds nothing, whatever its record says", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    const late = extensionOf(broker, grant);
    forge(broker, grant, { state: "active", revokeAt: late.revokeAt, expiresAt: late.expiresAt });
    const [extension] = await forged(broker, late);
    expect(extension).toMatchObject({ state: "failed", outcome: { code: "predecessor-over" } });
    expect(broker.actual()).toBeUndefined();
  });

  it("An extension of a grant that somebody returned adds nothing", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = extensionOf(broker, grant);
    await broker.end(grant, "return");
    const [after] = await forged(broker, extension);
    expect(after).toMatchObject({ state: "failed", outcome: { code: "predecessor-over" } });
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("A later end in the grant's own record moves no extension", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const far = later(grant.expiresAt, 2 * HOUR);
    forge(broker, grant, { expiresAt: far, revokeAt: plusSeconds(far, -120) });
    const [extension] = await forged(
      broker,
      extensionOf(broker, grant, { until: later(far, HOUR) }),
    );
    expect(extension).toMatchObject({ state: "failed", outcome: { code: "wrong-deadline" } });
  });

  it("One of two extensions of one grant at once begins", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const both = [extensionOf(broker, grant), extensionOf(broker, grant, {}, 91)];
    expect(await forged(broker, ...both)).toMatchObject([
      { state: "active" },
      { state: "failed", outcome: { code: "extended-already" } },
    ]);
    const [third] = await forged(broker, extensionOf(broker, grant, {}, 92));
    expect(third).toMatchObject({ state: "failed", outcome: { code: "extended-already" } });
  });

  it("One that may not begin takes the place of no other", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const both = [
      extensionOf(broker, grant, { approvals: [] }),
      extensionOf(broker, grant, {}, 91),
    ];
    expect(await forged(broker, ...both)).toMatchObject([
      { state: "failed", outcome: { code: "not-approved" } },
      { state: "active" },
    ]);
  });

  it("Two requests that extend each other both fail", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const circle = [
      extensionOf(broker, grant, { extends: countedId(91) }),
      extensionOf(broker, grant, { extends: countedId(90) }, 91),
    ];
    for (const each of await forged(broker, ...circle))
      expect(each).toMatchObject({ state: "failed", outcome: { code: "predecessor-over" } });
  });

  it("A grant on another entry of the person is no predecessor", async () => {
    const broker = memoryBroker();
    const elsewhere = await broker.ask({
      cluster: "staging",
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
    });
    await broker.converge([...broker.tables.heads.keys()][0]);
    const grant = await broker.grant();
    await broker.converge();
    const [extension] = await forged(broker, extensionOf(broker, grant, { extends: elsewhere.id }));
    expect(extension).toMatchObject({ state: "failed", outcome: { code: "predecessor-over" } });
  });

  it("A chain that is as long as the rule allows grows no further, whatever the table says", async () => {
    const broker = memoryBroker();
    let last = await broker.activeGrant();
    for (const n of [90, 91]) {
      const [next] = await forged(broker, extensionOf(broker, last, {}, n));
      expect(next?.state).toBe("active");
      last = next ?? last;
    }
    // Nothing in the table says that these are extensions.
    const { extends: _extends, ...plain } = last;
    forge(broker, plain, {});
    const [third] = await forged(broker, extensionOf(broker, last, {}, 92));
    expect(third).toMatchObject({ state: "failed", outcome: { code: "extended-enough" } });
  });

  it("The total counts from the first start in the ledger, whatever the table says", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ durationSeconds: 4 * HOUR });
    const [first] = await forged(
      broker,
      extensionOf(broker, grant, {
        durationSeconds: 4 * HOUR,
        until: later(grant.expiresAt, 4 * HOUR),
      }),
    );
    expect(first?.state).toBe("active");
    forge(broker, grant, { approvedAt: later(grant.approvedAt, 2 * HOUR) });
    const [second] = await forged(broker, extensionOf(broker, first ?? grant, {}, 91));
    expect(second).toMatchObject({ state: "failed", outcome: { code: "total-exceeded" } });
  });

  it("A grant that an earlier release began cannot be extended, because the ledger says too little of it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const ledger = await broker.ledger();
    const begun = ledger?.begun[grant.id];
    if (!ledger || !begun) throw new Error("The grant has not begun.");
    const { chain: _, ...earlier } = begun;
    await broker.ledgers.save({ ...ledger, begun: { [grant.id]: earlier } });
    const [extension] = await forged(broker, extensionOf(broker, grant));
    expect(extension).toMatchObject({ state: "failed", outcome: { code: "predecessor-over" } });
  });

  it("A grant that has begun gains nothing by a record that calls it an extension", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const other = await broker.activeGrant({ access: edit("payments-web") });
    const claim = { ...other, extends: grant.id, until: later(other.expiresAt, HOUR) };
    forge(
      broker,
      { ...claim, digest: digestOf(claim) },
      {
        expiresAt: claim.until,
        revokeAt: plusSeconds(claim.until, -120),
      },
    );
    await broker.converge();
    broker.othersPut({});
    await broker.settle(60);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("The policy of converge", () => {
  it.each<[string, Partial<Rule>, string]>([
    ["no longer lets a grant be extended", { extend: { ...EXTEND, times: 0 } }, "extended-enough"],
    [
      "lets it last for less time in all",
      { extend: { ...EXTEND, totalSeconds: 5_400 } },
      "total-exceeded",
    ],
  ])("An extension fails where the policy of converge %s", async (_, change, code) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = extensionOf(broker, grant);
    forge(broker, extension, {});
    const { rules, ...policy } = broker.front.policy;
    const changed = rules.map((rule) => ({ ...rule, ...change }));
    await converge({ ...broker.ports, policy: { ...policy, rules: changed } }, broker.binding, {
      millisLeft: () => 8_000,
      hold: { extend: async () => true },
      log: () => undefined,
    });
    const after = await broker.reload(extension);
    expect(after).toMatchObject({ state: "failed", outcome: { code } });
  });

  it("An extension fails where the rule of converge has no such key", async () => {
    const without = aPolicy().rules.map(({ extend: _, ...rule }) => rule);
    const broker = memoryBroker({ policy: { ...aPolicy(), rules: without } });
    const grant = await broker.activeGrant();
    const [after] = await forged(broker, extensionOf(broker, grant));
    expect(after).toMatchObject({ state: "failed", outcome: { code: "not-extendable" } });
  });
});
