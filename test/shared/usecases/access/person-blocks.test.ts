/** Beside what a person can do: what keeps access from them, and what waits for whom. */
import { describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { readPersonAccess } from "../../../../shared/usecases/access/read-person-access.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";

function world(policy: AccessPolicy = withAdmins()) {
  const broker = memoryBroker({ policy });
  const ports = { ...broker.front, standing: memoryStandingStore() };
  return {
    broker,
    ports,
    read: (by: string, cluster: string | undefined = "prod", name = "alice") =>
      readPersonAccess(ports, broker.actor(by), name, cluster),
    stop: (type: "suspend" | "drain", person: string | null) =>
      changeStops(broker.front, broker.actor("carol"), type, person, "laptop stolen"),
  };
}

const ids = (requests: readonly AccessRequest[]) => requests.map(({ id }) => id);
const STAGING_VIEW = {
  cluster: "staging",
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
} as const;
const STAGING_GROUPS = { cluster: "staging", access: { groups: ["eks-admins"] } } as const;

describe("Requests that wait for a decision", () => {
  it("A pending request is said there, to its requester and to who may decide", async () => {
    const { broker, read } = world();
    const request = await broker.ask();
    for (const by of ["alice", "bob", "carol"])
      expect(ids((await read(by)).waiting)).toEqual([request.id]);
  });

  it("A request that is decided, has lapsed, or is for another cluster does not wait there", async () => {
    const { broker, read } = world();
    await broker.approve(await broker.ask());
    const elsewhere = await broker.ask(STAGING_GROUPS);
    const late = await broker.ask({ access: edit("payments-web") });
    expect(ids((await read("alice")).waiting)).toEqual([late.id]);
    expect(ids((await read("alice", "staging")).waiting)).toEqual([elsewhere.id]);
    broker.clock.set(late.lapsesAt);
    expect((await read("alice")).waiting).toEqual([]);
  });

  it("An approver sees those that wait for them, and knows nobody else", async () => {
    const { broker, read } = world();
    const request = await broker.ask();
    await broker.ask({ ...STAGING_GROUPS }, "carol");
    expect(await read("bob")).toMatchObject({ waiting: [{ id: request.id }], standingAsOf: null });
    await expect(read("dora", "prod", "bob")).resolves.toMatchObject({ waiting: [] });
    await expect(read("alice", "staging", "carol")).rejects.toMatchObject({
      code: "person-not-found",
    });
  });

  it("It is found behind many newer requests, and old pages are left out", async () => {
    const { broker, ports } = world();
    const request = await broker.ask();
    const newer = { ...request, state: "denied" } as const;
    const old = { ...newer, createdAt: plusSeconds(T0, -8 * 86_400) };
    const pages = [
      { items: [newer], next: "2" },
      { items: [request, old], next: "3" },
    ];
    const requests = {
      ...broker.front.requests,
      requestedBy: async (_person: string, { after }: { readonly after?: string }) => {
        const page = pages[after === undefined ? 0 : Number(after) - 1];
        if (!page) throw new Error("A page was read on which all have lapsed.");
        return page;
      },
    };
    const found = await readPersonAccess(
      { ...ports, requests },
      broker.actor("alice"),
      "alice",
      "prod",
    );
    expect(ids(found.waiting)).toEqual([request.id]);
  });
});

describe("Grants on other clusters", () => {
  it("They are counted where a cluster is named, as far as the reader may see them", async () => {
    const { broker, read } = world();
    await broker.ask(STAGING_VIEW);
    expect((await read("alice")).grantsElsewhere).toBe(1);
    expect((await read("alice", "staging")).grantsElsewhere).toBe(0);
    await broker.ask();
    // Nobody has to approve the grant on staging, so no approver sees it.
    expect((await read("bob")).grantsElsewhere).toBe(0);
    const everywhere = await readPersonAccess(
      { ...broker.front, standing: memoryStandingStore() },
      broker.actor("alice"),
      "alice",
      undefined,
    );
    expect(everywhere.grantsElsewhere).toBeNull();
  });
});

describe("The last 24 hours", () => {
  it("Requests of all clusters count, and those that were approved, as far as the reader may see them", async () => {
    const { broker, read } = world();
    await broker.ask(STAGING_VIEW);
    await broker.ask();
    const since = plusSeconds(broker.front.clock.now(), -86_400);
    expect((await read("alice")).lately).toEqual({ since, requests: 2, approved: 1 });
    expect((await read("bob")).lately).toEqual({ since, requests: 1, approved: 0 });
  });

  it("An older request does not count, whatever became of it", async () => {
    const { broker, ports } = world();
    const request = await broker.ask();
    const asked = (seconds: number) => ({
      ...request,
      ...{ state: "denied", createdAt: plusSeconds(broker.front.clock.now(), -seconds) },
    });
    const requests = {
      ...broker.front.requests,
      requestedBy: async () => ({ items: [asked(86_400), asked(86_401)] as (typeof request)[] }),
    };
    const found = await readPersonAccess(
      { ...ports, requests },
      broker.actor("alice"),
      "alice",
      "prod",
    );
    expect(found.lately).toMatchObject({ requests: 1, approved: 0 });
  });
});

describe("Blocks", () => {
  it("A suspension is said to the person, to admins, and without its reason to approvers", async () => {
    const { broker, read, stop } = world();
    await broker.ask();
    await stop("suspend", "alice");
    const suspended = { code: "suspended", person: "alice", by: "carol" };
    for (const by of ["alice", "dora"])
      expect((await read(by)).blocks).toMatchObject([{ ...suspended, reason: "laptop stolen" }]);
    expect((await read("bob")).blocks).toMatchObject([{ ...suspended, reason: null }]);
  });

  it("Another holder's suspension is said to holders and admins, and to no approver", async () => {
    const { people, ...policy } = withAdmins();
    const { alice, erin } = people;
    if (!alice || !erin) throw new Error("There is no alice, or no erin.");
    const shared = { ...erin, principals: alice.principals };
    const { broker, read, stop } = world({
      ...policy,
      people: { ...people, erin: shared },
      rules: policy.rules.map((rule) => ({ ...rule, sharedPrincipals: true })),
    });
    await broker.ask();
    await stop("suspend", "erin");
    for (const by of ["alice", "dora"])
      expect((await read(by)).blocks).toMatchObject([{ code: "suspended", person: "erin" }]);
    expect(await read("bob")).toMatchObject({ waiting: [{ requester: "alice" }], blocks: [] });
  });

  it("A drain is said of everyone", async () => {
    const { read, stop } = world();
    await stop("drain", null);
    expect((await read("alice")).blocks).toMatchObject([{ code: "drained", mayLift: false }]);
    expect((await read("dora", "prod", "bob")).blocks).toMatchObject([
      { code: "drained", mayLift: true },
    ]);
  });

  it("A rule's hours are said of its clusters; to an approver, of what waits for them", async () => {
    const base = aPolicy();
    const hours = { days: ["tue"], from: "20:00", to: "22:00", timezone: "UTC" } as const;
    const rules = base.rules.map((rule) => ({ ...rule, hours }));
    const { broker, read } = world({ ...base, rules });
    broker.clock.set("2026-11-24T20:00:00.000Z");
    await broker.ask();
    broker.clock.set("2026-11-24T22:00:00.000Z");
    const names = async (by: string, cluster: string) =>
      (await read(by, cluster)).blocks.map((block) => "rule" in block && block.rule);
    expect(await names("alice", "prod")).toEqual(["payments-edit"]);
    expect(await names("alice", "staging")).toEqual(["view-staging", "staging-groups"]);
    expect(await names("bob", "prod")).toEqual(["payments-edit"]);
  });
});
