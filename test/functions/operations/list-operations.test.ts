/** Pages of the API's lists, and what the API answers about clusters, findings and people. */
import { describe, expect, it } from "vitest";
import { ACCESS_OPERATIONS } from "../../../functions/operations/access-operations.ts";
import { CLUSTER_OPERATIONS } from "../../../functions/operations/cluster-operations.ts";
import { EVIDENCE_OPERATIONS } from "../../../functions/operations/evidence-operations.ts";
import { GRANT_OPERATIONS } from "../../../functions/operations/grant-operations.ts";
import type { ApiEvent } from "../../../functions/operations/operation.ts";
import { aPolicy, PROD, T0 } from "../../../lab/fakes/builders.ts";
import { memoryBroker, view } from "../../../lab/fakes/memory-broker.ts";
import { memoryClusterFactsStore } from "../../../lab/fakes/memory-cluster-stores.ts";
import { memoryCursorKeys } from "../../../lab/fakes/memory-cursor-keys.ts";
import { memoryStandingStore } from "../../../lab/fakes/memory-standing-store.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { GrantList } from "../../../shared/http/contract/grant-answer.ts";
import { standingEntryAnswer } from "../../../shared/http/server/cluster-answer.ts";
import type { ApiPorts } from "../../../shared/ports/function-ports.ts";
import { aFinding } from "../../shared/domain/evidence/finding-samples.ts";
import { entryOf } from "../../shared/usecases/clusters/kept-readings.ts";
import { standingWorld } from "../../shared/usecases/clusters/standing-fixture.ts";

describe("The list of audit events", () => {
  it("Its next page is that of the same beginning, and of no other", async () => {
    const broker = memoryBroker();
    for (const name of ["payments-a", "payments-b"]) await broker.ask({ access: view(name) });
    broker.clock.advance(600);
    const ports = { ...broker.front, cursorKeys: memoryCursorKeys() } as unknown as ApiPorts;
    const page = (from: string, cursor?: string) =>
      EVIDENCE_OPERATIONS.listAuditEvents(ports, broker.actor("carol"), {
        queryStringParameters: {
          from,
          to: broker.clock.now(),
          limit: "1",
          ...(cursor === undefined ? {} : { cursor }),
        },
      } as unknown as ApiEvent);
    const first = (await page(T0)).body as { events: readonly object[]; next: string };
    expect(first.events).toHaveLength(1);
    const second = (await page(T0, first.next)).body as typeof first;
    expect(second.events).toHaveLength(1);
    expect(second.events).not.toEqual(first.events);
    await expect(page(plusSeconds(T0, -60), first.next)).rejects.toMatchObject({
      code: "invalid-cursor",
    });
  });
});

const eventOf = (
  pathParameters: Readonly<Record<string, string>>,
  queryStringParameters: Readonly<Record<string, string>> = {},
) => ({ pathParameters, queryStringParameters }) as unknown as ApiEvent;

describe("The list of a cluster's grants", () => {
  it("Its pages have when each began, and its cursor is that of one cluster and one beginning", async () => {
    const broker = memoryBroker();
    const grants: AccessRequest[] = [];
    for (const name of ["payments-a", "payments-b", "payments-c"])
      grants.push(await broker.activeGrant({ access: view(name) }));
    const ports = { ...broker.front, cursorKeys: memoryCursorKeys() } as unknown as ApiPorts;
    const listed = async (query: Readonly<Record<string, string>>) =>
      (await GRANT_OPERATIONS.listGrants(ports, broker.actor("carol"), eventOf({}, query)))
        .body as GrantList;
    const all = { view: "all", cluster: "prod", from: "2026-11-01", to: "2026-12-01", limit: "2" };
    const { next = "", ...first } = await listed(all);
    expect(first).toMatchObject({
      requests: grants.slice(0, 2).map(({ id, approvedAt, effectiveAt }) => ({
        ...{ id, approvedAt, effectiveAt },
        approvedBy: ["bob"],
      })),
      since: grants[0]?.approvedAt,
      leftOut: 0,
    });
    const rest = await listed({ ...all, cursor: next });
    expect(rest.requests.map(({ id }) => id)).toEqual([grants[2]?.id]);
    expect(rest).not.toHaveProperty("next");
    for (const other of [{ cluster: "staging" }, { from: "2026-11-02" }])
      await expect(listed({ ...all, ...other, cursor: next })).rejects.toMatchObject({
        code: "invalid-cursor",
      });
    const open = await listed({});
    expect(open.requests).toHaveLength(3);
    expect(open.requests[0]).not.toHaveProperty("effectiveAt");
  });
});

describe("The API's answers about clusters", () => {
  async function world() {
    const broker = memoryBroker();
    const reading = standingWorld(3);
    await reading.run();
    const ports = {
      policy: broker.front.policy,
      standing: reading.store,
      clock: reading.clock,
      clusters: memoryClusterFactsStore(),
      cursorKeys: memoryCursorKeys(),
    } as unknown as ApiPorts;
    const carol = broker.actor("carol");
    return {
      list: async () => (await CLUSTER_OPERATIONS.listClusters(ports, carol)).body,
      read: async (name: string, query: Readonly<Record<string, string>> = {}) =>
        (await CLUSTER_OPERATIONS.readStanding(ports, carol, eventOf({ name }, query))).body as {
          readonly cluster: object;
          readonly entries: readonly { readonly principalArn: string }[];
          readonly next?: string;
        },
    };
  }

  it("Each cluster of the policy, with its grantor and its last reading", async () => {
    const { list } = await world();
    expect(await list()).toMatchObject({
      clusters: [
        {
          name: "prod",
          clusterArn: PROD.arn,
          standing: { read: 3 },
          grantor: { describedAt: null },
        },
        { name: "staging", standing: { read: 0 } },
      ],
    });
  });

  it("The entries of one cluster page by page, each with the cluster", async () => {
    const { read } = await world();
    const first = await read("prod", { limit: "2" });
    expect(first.cluster).toMatchObject({ name: "prod", clusterArn: PROD.arn });
    expect(first.entries).toHaveLength(2);
    const second = await read("prod", { limit: "2", cursor: first.next ?? "" });
    expect(second.entries).toHaveLength(1);
    const all = [...first.entries, ...second.entries].map(({ principalArn }) => principalArn);
    expect(new Set(all).size).toBe(3);
    expect(second).not.toHaveProperty("next");
    expect(await read("staging")).toMatchObject({ cluster: { name: "staging" }, entries: [] });
  });
});

describe("Everyone who holds the principal of an entry", () => {
  it("They are beside it, by the access.yaml of today", async () => {
    const policy = aPolicy();
    const { alice } = policy.people;
    if (!alice) throw new Error("The policy has no alice.");
    const [principal = ""] = alice.principals;
    const shared = { ...policy, people: { ...policy.people, zoe: { ...alice } } };
    const answered = (arn: string) =>
      standingEntryAnswer({ ...entryOf("x", T0), principalArn: arn }, shared as AccessPolicy)
        .people;
    expect(answered(principal)).toEqual(["alice", "zoe"]);
    expect(answered("arn:aws:iam::111122223333:role/nobodys")).toBeUndefined();
  });
});

describe("The API's answers about a person", () => {
  it("All that they can do, or on one cluster", async () => {
    const broker = memoryBroker();
    const { id } = await broker.activeGrant();
    const ports = { ...broker.front, standing: memoryStandingStore() } as unknown as ApiPorts;
    const read = async (name: string, query: Readonly<Record<string, string>> = {}) =>
      (
        await ACCESS_OPERATIONS.readPersonAccess(
          ports,
          broker.actor("carol"),
          eventOf({ name }, query),
        )
      ).body;
    expect(await read("alice")).toMatchObject({
      person: "alice",
      cluster: null,
      access: [{ by: id }],
    });
    expect(await read("alice", { cluster: "prod" })).toMatchObject({
      cluster: "prod",
      access: [{ by: id, policy: "AmazonEKSEditPolicy" }],
    });
    expect(await read("alice", { cluster: "staging" })).toMatchObject({ access: [] });
    expect(await read("bob")).toMatchObject({ person: "bob", access: [] });
  });
});

describe("The API's answers about findings", () => {
  const [one, other] = [aFinding(), aFinding("missing-event")];
  const to = plusSeconds(T0, 60);

  async function listed(query: Readonly<Record<string, string>>) {
    const broker = memoryBroker();
    broker.clock.advance(600);
    const asked: unknown[] = [];
    const evidence = {
      openFindings: async (...given: readonly unknown[]) => {
        asked.push(given);
        return { items: [one, other], next: "a place" };
      },
      recordsBetween: async (...given: readonly unknown[]) => {
        asked.push(given.slice(0, 3));
        return { items: [{ chain: "c", record: one }], next: "a place" };
      },
      acknowledgements: async () => [],
    };
    const ports = {
      ...broker.front,
      evidence,
      cursorKeys: memoryCursorKeys(),
    } as unknown as ApiPorts;
    const answer = await EVIDENCE_OPERATIONS.listFindings(
      ports,
      broker.actor("carol"),
      eventOf({}, query),
    );
    return {
      asked,
      body: answer.body as { readonly findings: readonly object[]; readonly next?: string },
    };
  }

  it("Those that are open, of a time where one is named, with the next page", async () => {
    const { asked, body } = await listed({ from: T0, to });
    expect(asked).toEqual([[{ from: T0, to }, { limit: 100 }]]);
    expect(body.findings).toMatchObject([{ state: "open" }, { state: "open" }]);
    expect(body.next).toBeDefined();
    expect((await listed({ limit: "7" })).asked).toEqual([[{}, { limit: 7 }]]);
  });

  it("All of a time, up to when they are complete", async () => {
    const { asked, body } = await listed({ view: "all", from: T0, to });
    expect(asked).toEqual([[T0, to, { limit: 100 }]]);
    expect(body).toMatchObject({ findings: [{ state: "open" }], to });
    expect(body.next).toBeDefined();
  });
});

describe("The list of evidence records", () => {
  it("Its next page is that of the same beginning, and of no other", async () => {
    const broker = memoryBroker();
    broker.clock.advance(600);
    const pages: unknown[] = [];
    const recordsBetween = async (from: string, _to: string, page: object) => {
      pages.push([from, page]);
      return { items: [], next: "a place" };
    };
    const ports = {
      ...broker.front,
      evidence: { recordsBetween },
      cursorKeys: memoryCursorKeys(),
    } as unknown as ApiPorts;
    const page = (from: string, cursor: Readonly<Record<string, string>> = {}) =>
      EVIDENCE_OPERATIONS.listEvidenceRecords(
        ports,
        broker.actor("carol"),
        eventOf({}, { from, to: broker.clock.now(), ...cursor }),
      );
    const { next } = (await page(T0)).body as { readonly next: string };
    await page(T0, { cursor: next });
    expect(pages).toEqual([
      [T0, { limit: 100 }],
      [T0, { limit: 100, after: "a place" }],
    ]);
    await expect(page(plusSeconds(T0, -60), { cursor: next })).rejects.toMatchObject({
      code: "invalid-cursor",
    });
  });
});
