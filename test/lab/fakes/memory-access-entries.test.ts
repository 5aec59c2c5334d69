import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, PROD } from "../../../lab/fakes/builders.ts";
import { type FixedClock, fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import {
  type MemoryAccessEntries,
  memoryAccessEntries,
} from "../../../lab/fakes/memory-access-entries.ts";
import { PastMap } from "../../../lab/fakes/past-map.ts";
import { GROUPS } from "../../../shared/domain/entries/access.ts";
import { TAG_TOKEN } from "../../../shared/domain/entries/ledger.ts";
import { clusterOf } from "../../../shared/domain/values/arn.ts";

const ADDRESS = { cluster: clusterOf(PROD.arn), principalArn: ALICE };
const SESSION = { sessionName: "timelatch-1", sourceIdentity: "alice" };
const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const CLUSTER = { type: "cluster" } as const;
const NOT_FOUND = { code: "ResourceNotFoundException" };

let clock: FixedClock;
let entries: MemoryAccessEntries;
let principals: PastMap<string>;
let clusters: PastMap<true>;
beforeEach(() => {
  clock = fixedClock();
  principals = new PastMap(clock.now, [[ALICE, "AROAALICE"]]);
  clusters = new PastMap<true>(clock.now, [[PROD.arn, true]]);
  entries = memoryAccessEntries({ now: clock.now, principals, clusters });
});
const create = (token: string) => entries.create(ADDRESS, SESSION, token);
const associate = (policy: string) => entries.associate(ADDRESS, SESSION, policy, CLUSTER);
const read = () => entries.read(ADDRESS, SESSION);

describe("A stale read of an access entry in memory", () => {
  it("A read shows a change once the lag has passed, and not before", async () => {
    entries.lag = { describe: 2_000, list: 2_000 };
    await create("t");
    clock.advance(1.9);
    expect(await read()).toBeUndefined();
    clock.advance(0.1);
    expect(await read()).toMatchObject({ tags: { [TAG_TOKEN]: "t" } });
  });

  it("A read may combine two states, because Describe and List lag separately", async () => {
    clock.advance(1);
    await create("t");
    clock.advance(1);
    await associate(VIEW);
    await entries.updateGroups(ADDRESS, SESSION, ["viewers"], null);
    entries.lag = { list: 500 };
    expect((await read())?.targets).toEqual({ [GROUPS]: ["group/viewers"] });
    entries.lag = { describe: 500 };
    expect((await read())?.targets).toEqual({ [VIEW]: ["cluster"] });
    // The List was older than the entry, so EKS finds none and lists no policy.
    entries.lag = { list: 1_500 };
    expect((await read())?.targets).toEqual({ [GROUPS]: ["group/viewers"] });
    entries.lag = { describe: 1_500 };
    expect(await read()).toBeUndefined();
  });

  it("A read shows edits by others late, but an entry from before the test at once", async () => {
    entries.edit(ADDRESS, () => ({ targets: { [VIEW]: ["ns/a"] } }), "2026-11-01T00:00:00.000Z");
    entries.lag = { describe: 2_000, list: 2_000 };
    expect((await read())?.targets).toEqual({ [VIEW]: ["ns/a"] });
    entries.edit(ADDRESS, () => ({ targets: { [VIEW]: ["ns/b"] } }));
    expect((await read())?.targets).toEqual({ [VIEW]: ["ns/a"] });
    clock.advance(2);
    expect((await read())?.targets).toEqual({ [VIEW]: ["ns/b"] });
  });

  it("A test can set the age of each call", async () => {
    const asked: string[] = [];
    const options = { now: clock.now, principals, clusters };
    entries = memoryAccessEntries({
      ...options,
      view: ({ operation }) => {
        asked.push(operation);
        return operation === "DescribeAccessEntry" ? 60_000 : 0;
      },
    });
    await create("t");
    expect(await read()).toBeUndefined();
    expect(asked).toEqual(["CreateAccessEntry", "DescribeAccessEntry"]);
  });

  it("A read shows principals and clusters as they were", async () => {
    entries.lag = { principal: 2_000, cluster: 2_000, describe: 2_000 };
    principals.delete(ALICE);
    clusters.delete(PROD.arn);
    expect(await entries.cluster(ADDRESS.cluster, SESSION)).toBeDefined();
    expect(await read()).toBeUndefined();
    clusters.set(PROD.arn, true);
    expect(await entries.principal(ADDRESS, SESSION)).toMatchObject({ id: "AROAALICE" });
    clock.advance(2);
    expect(await entries.principal(ADDRESS, SESSION)).toBeUndefined();
    entries.lag = { describe: 1 };
    clusters.delete(PROD.arn);
    clock.advance(1);
    await expect(read()).rejects.toMatchObject({ code: "ClusterNotFound" });
  });
});

describe("A change of an access entry in memory, checked against a stale state", () => {
  beforeEach(() => {
    entries.lag = { judge: 2_000 };
  });

  it("A create is refused by the present entry and by one that it still sees", async () => {
    await create("t");
    await expect(create("u")).rejects.toMatchObject({ code: "ResourceInUseException" });
    clock.advance(2);
    await entries.remove(ADDRESS, SESSION);
    await expect(create("u")).rejects.toMatchObject({ code: "ResourceInUseException" });
    clock.advance(2);
    await create("u");
    expect(entries.peek(ADDRESS)?.tags[TAG_TOKEN]).toBe("u");
  });

  it("A deletion misses an entry that it does not see yet, and deletes one that is already gone", async () => {
    await create("t");
    expect((await entries.remove(ADDRESS, SESSION)).result).toBe(NOT_FOUND.code);
    expect(entries.peek(ADDRESS)).toBeDefined();
    clock.advance(2);
    entries.edit(ADDRESS, () => undefined);
    expect((await entries.remove(ADDRESS, SESSION)).result).toBe("ok");
  });

  it("An associate or update needs an entry that it sees and that exists", async () => {
    await create("t");
    await expect(associate(VIEW)).rejects.toMatchObject(NOT_FOUND);
    await expect(entries.updateGroups(ADDRESS, SESSION, [], null)).rejects.toMatchObject(NOT_FOUND);
    clock.advance(2);
    await associate(VIEW);
    await associate(EDIT);
    // Checked against the past, and applied to the present.
    expect(Object.keys(entries.peek(ADDRESS)?.targets ?? {})).toEqual([VIEW, EDIT]);
    entries.edit(ADDRESS, () => undefined);
    await expect(associate(VIEW)).rejects.toMatchObject(NOT_FOUND);
  });

  it("A disassociation affects only an association that it sees", async () => {
    await create("t");
    clock.advance(2);
    await associate(VIEW);
    const disassociate = () => entries.disassociate(ADDRESS, SESSION, VIEW);
    expect((await disassociate()).result).toBe(NOT_FOUND.code);
    expect(entries.peek(ADDRESS)?.targets).toEqual({ [VIEW]: ["cluster"] });
    clock.advance(2);
    expect((await disassociate()).result).toBe("ok");
    expect(entries.peek(ADDRESS)?.targets).toEqual({});
    expect((await disassociate()).result).toBe("ok");
  });
});

describe("An access entry in memory", () => {
  it("An entry loses its username to an update without one", async () => {
    entries.edit(ADDRESS, () => ({ username: "deployer" }));
    await entries.updateGroups(ADDRESS, SESSION, ["viewers"], null);
    expect(entries.peek(ADDRESS)?.username).toBe(
      "arn:aws:sts::111122223333:assumed-role/alice/{{SessionName}}",
    );
  });

  it("An entry keeps its username when others change something else", () => {
    entries.edit(ADDRESS, () => ({ username: "deployer" }));
    entries.edit(ADDRESS, () => ({ targets: { [VIEW]: ["ns/a"] } }));
    expect(entries.peek(ADDRESS)).toMatchObject({ username: "deployer" });
  });

  it("An entry is not created again with a used token, even when it is gone", async () => {
    await create("t");
    await entries.remove(ADDRESS, SESSION);
    await expect(create("t")).resolves.toMatchObject({ record: { result: "ok" } });
    expect(entries.peek(ADDRESS)).toBeUndefined();
  });
});
