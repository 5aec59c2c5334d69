import { describe, expect, it } from "vitest";
import { VISIBLE_SECONDS } from "../../../../lab/fakes/broker-sights.ts";
import { ALICE, PROD, STAGING, T0 } from "../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
} from "../../../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { StandingEntry } from "../../../../shared/domain/standing/standing-entry.ts";
import {
  beginPass,
  completePass,
  noRecord,
} from "../../../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { readPersonAccess } from "../../../../shared/usecases/access/read-person-access.ts";
import { standing } from "../../domain/standing/samples.ts";

const PASS = "01935e00-0000-7000-8000-00000000aaaa";

function world() {
  const broker = memoryBroker();
  const store = memoryStandingStore();
  const ports = { ...broker.front, standing: store };
  return {
    broker,
    store,
    read: (name = "alice", cluster: string | null = "prod", by = "carol") =>
      readPersonAccess(ports, broker.actor(by), name, cluster ?? undefined),
    /** Stores a reading of prod in which this stood. */
    async stood(entry: StandingEntry | undefined, at = broker.clock.now()) {
      const begun = beginPass(noRecord(PROD.arn, at), PASS, at);
      if (entry) await store.put(PROD.arn, PASS, entry);
      const { reading } = begun;
      if (!reading) throw new Error("No pass began.");
      await store.save(completePass(begun, reading, at));
    },
  };
}

/** Two grants of Alice that both give payments-web, of which the wider one has ended. */
async function overlapping(broker: MemoryBroker) {
  const wide = await broker.activeGrant({ access: edit("payments-api", "payments-web") });
  broker.clock.advance(VISIBLE_SECONDS);
  const narrow = await broker.activeGrant({ access: edit("payments-web") });
  broker.clock.advance(VISIBLE_SECONDS);
  await broker.end(wide, "revoke", "carol");
  return { wide, narrow };
}

describe("The access of a person", () => {
  it("It is said by every open grant of theirs, and by its state", async () => {
    const { broker, read } = world();
    const { wide, narrow } = await overlapping(broker);
    expect((await read()).access).toMatchObject([
      { state: "there", by: narrow.id, elements: ["ns/payments-web"], target: EDIT },
      { state: "ending", by: wide.id, elements: ["ns/payments-api"], target: EDIT },
    ]);
  });

  it("Another cluster's grants are said where no cluster, or that one, is named", async () => {
    const { broker, read } = world();
    const staging = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
    const grant = await broker.ask({ cluster: "staging", access: staging });
    await broker.converge(bindingKey(STAGING.arn, ALICE));
    expect((await read("alice", "prod")).access).toEqual([]);
    const expected = [{ clusterArn: STAGING.arn, target: VIEW, by: grant.id }];
    expect((await read("alice", "staging")).access).toMatchObject(expected);
    expect((await read("alice", null)).access).toMatchObject(expected);
  });

  it("It says on which cluster it was looked for", async () => {
    const { read } = world();
    expect(await read()).toMatchObject({ person: "alice", cluster: "prod" });
    expect(await read("alice", null)).toMatchObject({ person: "alice", cluster: null });
  });

  it("Standing access is said as of its reading", async () => {
    const { read, stood } = world();
    await stood(standing({ targets: { [EDIT]: ["cluster"] } }, [], ALICE));
    const { access, standingAsOf, unread } = await read();
    expect(access).toMatchObject([
      { state: "there", by: "standing access", elements: ["cluster"] },
    ]);
    expect(access[0]).toMatchObject({ until: null, asOf: expect.any(String) });
    expect({ standingAsOf, unread }).toEqual({ standingAsOf: T0, unread: [] });
  });

  it("A reading that showed nothing of the person is said with its instant", async () => {
    const { read, stood } = world();
    await stood(undefined);
    expect(await read()).toMatchObject({ access: [], standingAsOf: T0, unread: [] });
  });

  it("An entry that nobody read, or long ago, or not whole, is not known", async () => {
    const { broker, read, stood } = world();
    expect(await read()).toMatchObject({
      standingAsOf: null,
      unread: [{ why: "never-read", since: null, principalArn: ALICE }],
    });
    const found = standing({ targets: { [EDIT]: ["cluster"] } }, [], ALICE);
    await stood(found && { ...found, isCut: true });
    expect((await read()).unread).toMatchObject([{ why: "cut", since: T0 }]);
    broker.clock.set(plusSeconds(T0, 2 * broker.ports.settings.standingEverySeconds));
    expect((await read()).unread).toMatchObject([{ why: "cut", since: T0 }]);
    broker.clock.set(plusSeconds(T0, 2 * broker.ports.settings.standingEverySeconds + 1));
    expect((await read()).unread).toMatchObject([{ why: "old", since: T0 }]);
  });
});

describe("Readers of an entry's access", () => {
  it("Admins do, auditors do, and people of themselves", async () => {
    const { broker, store, stood } = world();
    await stood(standing({ targets: { [EDIT]: ["cluster"] } }, [], ALICE));
    await broker.activeGrant();
    const reads = async (by: string, roles: typeof broker.front.policy.roles) => {
      const policy = { ...broker.front.policy, roles };
      const ports = { ...broker.front, standing: store, policy };
      const { access } = await readPersonAccess(ports, broker.actor(by), "alice", "prod");
      return access.some((each) => each.by === "standing access");
    };
    expect(await reads("carol", { admins: ["platform"], auditors: [] })).toBe(true);
    expect(await reads("carol", { admins: [], auditors: ["platform"] })).toBe(true);
    expect(await reads("alice", { admins: [], auditors: [] })).toBe(true);
    expect(await reads("bob", { admins: ["platform"], auditors: ["platform"] })).toBe(false);
  });
});

describe("A cluster whose first reading is under way", () => {
  it("Nothing that stands there is known yet", async () => {
    const { read, store } = world();
    await store.save(beginPass(noRecord(PROD.arn, T0), PASS, T0));
    expect(await read()).toMatchObject({
      access: [],
      standingAsOf: null,
      unread: [{ why: "never-read", since: null }],
    });
  });
});

describe("A person whose principals are all in other accounts than the cluster", () => {
  it("Each of them is looked for there, and none where one is of its account", async () => {
    const { broker, store } = world();
    const far = "arn:aws:iam::444455556666:role/people/alice";
    const { alice, ...others } = broker.front.policy.people;
    if (!alice) throw new Error("There is no alice.");
    const unread = async (...principals: readonly string[]) => {
      const people = { ...others, alice: { ...alice, principals } };
      const policy = { ...broker.front.policy, people };
      const ports = { ...broker.front, standing: store, policy };
      const found = await readPersonAccess(ports, broker.actor("carol"), "alice", "prod");
      return found.unread.map(({ principalArn }) => principalArn);
    };
    expect(await unread(far)).toEqual([far]);
    expect(await unread(far, ALICE)).toEqual([ALICE]);
  });
});

describe("A person who has left access.yaml", () => {
  it("An admin is answered what their open grants still give", async () => {
    const { broker, store } = world();
    const grant = await broker.activeGrant();
    const { alice: _, ...people } = broker.front.policy.people;
    const ports = { ...broker.front, standing: store, policy: { ...broker.front.policy, people } };
    const read = (cluster?: string) =>
      readPersonAccess(ports, broker.actor("carol"), "alice", cluster);
    for (const { access } of [await read(), await read("prod")])
      expect(access).toMatchObject([{ state: "there", by: grant.id, principalArn: ALICE }]);
    expect((await read("prod")).unread).toMatchObject([{ why: "never-read" }]);
  });

  it("Nobody is answered of who has left and has nothing open", async () => {
    const { broker, store } = world();
    const { alice: _, ...people } = broker.front.policy.people;
    const ports = { ...broker.front, standing: store, policy: { ...broker.front.policy, people } };
    const read = readPersonAccess(ports, broker.actor("carol"), "alice", "prod");
    await expect(read).rejects.toMatchObject({ code: "person-not-found" });
  });
});

describe("How much is read", () => {
  it("Fifty grants on twenty clusters take a read of each entry, and one of the list", async () => {
    const { broker, store } = world();
    const arns = Array.from({ length: 20 }, (_, n) => `${PROD.arn}-${n}`);
    const named = arns.map((arn, n) => [`c${n}`, { arn, retired: false }] as const);
    const policy = { ...broker.front.policy, clusters: Object.fromEntries(named) };
    const grant = await broker.activeGrant();
    const own = Array.from({ length: 50 }, (_, n) => {
      const arn = arns[n % 20] ?? "";
      return { ...grant, id: `${grant.id}-${n}`, cluster: { name: `c${n % 20}`, arn } };
    });
    let reads = 0;
    const requests = {
      ...broker.front.requests,
      openOn: async (binding: string) => {
        reads += 1;
        return own.filter(({ cluster }) => bindingKey(cluster.arn, ALICE) === binding);
      },
      grants: async () => {
        reads += 1;
        return { items: own };
      },
    };
    const ports = { ...broker.front, policy, requests, standing: store };
    const { access } = await readPersonAccess(ports, broker.actor("alice"), "alice", undefined);
    expect(new Set(access.map(({ clusterArn }) => clusterArn)).size).toBe(20);
    expect(reads).toBeLessThanOrEqual(21);
  });
});

describe("Grants on principals that the person has no more", () => {
  it("They are found on whichever page of the list they are", async () => {
    const { broker, store } = world();
    const grant = await broker.activeGrant();
    const left = { ...grant, principalArn: `${ALICE}-before` };
    const requests = {
      ...broker.front.requests,
      openOn: async (binding: string) =>
        binding === bindingKey(PROD.arn, left.principalArn) ? [left] : [],
      grants: async ({ after }: { readonly after?: string }) =>
        after === undefined ? { items: [], next: "2" } : { items: [left] },
    };
    const ports = { ...broker.front, requests, standing: store };
    const { access } = await readPersonAccess(ports, broker.actor("carol"), "alice", "prod");
    expect(access).toMatchObject([{ by: grant.id, principalArn: left.principalArn }]);
  });
});

describe("The right to read a person's access", () => {
  it("People read all of their own", async () => {
    const { broker, read, stood } = world();
    await stood(standing({ targets: { [VIEW]: ["cluster"] } }, [], ALICE));
    const grant = await broker.activeGrant();
    const { access, standingAsOf } = await read("alice", "prod", "alice");
    expect(access.map(({ by }) => by).sort()).toEqual([grant.id, "standing access"].sort());
    expect(standingAsOf).toBe(T0);
  });

  it("An approver reads the grants that they may see, and nothing standing", async () => {
    const { broker, read, stood } = world();
    await stood(standing({ targets: { [VIEW]: ["cluster"] } }, [], ALICE));
    const grant = await broker.activeGrant();
    expect(await read("alice", "prod", "bob")).toMatchObject({
      access: [{ by: grant.id }],
      standingAsOf: null,
      unread: [],
    });
  });

  it("A person of whom the reader may know nothing is not found, as nobody is", async () => {
    const { read } = world();
    const refused = { code: "person-not-found" };
    await expect(read("alice", "prod", "bob")).rejects.toMatchObject(refused);
    await expect(read("nobody", "prod", "bob")).rejects.toMatchObject(refused);
    await expect(read("nobody", "prod", "carol")).rejects.toMatchObject(refused);
    await expect(read("constructor")).rejects.toMatchObject(refused);
    await expect(read("alice", "nope")).rejects.toMatchObject({ code: "cluster-not-found" });
  });

  it("A misspelt name is refused with the one that was meant, where the reader may know of it", async () => {
    const { read } = world();
    await expect(read("alise", "prod", "carol")).rejects.toThrow("Did you mean alice?");
    await expect(read("alise", "prod", "bob")).rejects.not.toThrow("Did you mean");
    await expect(read("alice", "prdo")).rejects.toThrow("Did you mean prod?");
    await expect(read("alice", "nope")).rejects.not.toThrow("Did you mean");
  });
});
