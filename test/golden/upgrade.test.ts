/** This release reads the records of an earlier one, and every life goes on from its last step. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROD } from "../../lab/fakes/builders.ts";
import { countedIds } from "../../lab/fakes/counted-ids.ts";
import { EDIT } from "../../lab/fakes/memory-broker.ts";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import { sealRecordVerifier } from "../../shared/domain/evidence/archive/seal-records.ts";
import { verifySeals } from "../../shared/domain/evidence/archive/seal-verify.ts";
import { evidenceVerifier, findingVerifier } from "../../shared/domain/evidence/evidence-chain.ts";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import { listDelegations } from "../../shared/usecases/delegations/list-delegations.ts";
import { closeReview } from "../../shared/usecases/requests/close-review.ts";
import { createRequest } from "../../shared/usecases/requests/create-request.ts";
import { changeStops } from "../../shared/usecases/stops/change-stops.ts";
import { type LocalTables, sharedTables } from "../shared/aws/dynamodb/local-tables.ts";
import { CHAIN } from "../shared/domain/evidence/finding-drafts.ts";
import { sealKeyOf } from "./golden-archive.ts";
import { emptyTables, goldenPolicy, putGolden, RELEASES, readGolden } from "./golden-items.ts";
import { CURSOR_DAY, NONCE, PENDING_KEY, pendingAsk } from "./recorded-life.ts";
import { tableBroker } from "./table-broker.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

/** Ids that no golden item has. */
function laterIds() {
  const ids = countedIds();
  for (let taken = 0; taken < 1_000; taken += 1) ids.newId();
  for (let taken = 0; taken < 1_000; taken += 1) ids.newToken();
  return ids;
}

/** The broker of this release, on what an earlier one left. */
async function upgraded(release: string) {
  const golden = readGolden(release);
  const names = await emptyTables(tables);
  await putGolden(tables.client, names, golden);
  const broker = tableBroker(tables.client, names, goldenPolicy(release), laterIds());
  broker.clock.set(golden.life.now);
  standAt(broker, golden.entry);
  const request = (name: "active" | "pending" | "extension" | "toReview" | "reviewed" | "ended") =>
    broker.front.requests.load(golden.life[name]);
  return { ...broker, life: golden.life, request };
}

/** EKS has the entry as it was, down to its ARN: the second of its principal. */
function standAt(
  { entries, addressOf }: ReturnType<typeof tableBroker>,
  { tags, targets, username, createdAt, accessEntryArn }: ReturnType<typeof readGolden>["entry"],
) {
  const address = addressOf();
  while (entries.peek(address)?.accessEntryArn !== accessEntryArn) {
    entries.edit(address, () => undefined);
    entries.edit(address, () => ({ tags, targets, username }), createdAt);
  }
}

describe.each(RELEASES)("The records of release %s", (release) => {
  it("Every history and every chain of records holds", async () => {
    const { life, front, stored } = await upgraded(release);
    for (const id of [life.active, life.pending, life.toReview, life.reviewed, life.ended])
      expect(verifyChains(await front.requests.history(id))).toEqual([]);
    const evidence = evidenceVerifier();
    const records = await stored.evidence.evidenceOf(life.ended);
    expect(records.map((record) => evidence.add(record))).toEqual([undefined]);
    const findings = findingVerifier();
    const found = await stored.evidence.findingsIn(CHAIN);
    expect(found.length).toBe(3);
    expect(found.map((record) => findings.add(record))).toEqual([undefined, undefined, undefined]);
  });

  it("An active grant ends on time, and its entry goes with it", async () => {
    const world = await upgraded(release);
    await world.converge();
    expect(await world.request("active")).toMatchObject({ state: "active" });
    expect(world.operations()).toEqual([]);
    for (const name of ["toReview", "reviewed", "active"] as const)
      await world.convergeAtEnd(await world.request(name));
    expect(world.actual()).toBeUndefined();
    await world.settle(600);
    for (const name of ["toReview", "reviewed", "active"] as const)
      expect(await world.request(name)).toMatchObject({ state: "ended" });
    expect(verifyChains(await world.front.requests.history(world.life.active))).toEqual([]);
  });

  it("A pending request is approved and begins, also on somebody's behalf", async () => {
    const world = await upgraded(release);
    await world.approve(await world.request("pending"), "carol", "bob");
    await world.converge();
    expect(await world.request("pending")).toMatchObject({ state: "active" });
    expect(world.namespaces(EDIT)).toContain("payments-web");
  });

  it("A pending extension is approved, and the access lasts longer", async () => {
    const world = await upgraded(release);
    const before = (await world.request("active")).expiresAt ?? "";
    await world.approve(await world.request("extension"));
    await world.converge();
    expect(await world.request("extension")).toMatchObject({ state: "active" });
    await world.convergeAtEnd(await world.request("active"));
    expect(world.clock.now() < before).toBe(true);
    expect(world.namespaces(EDIT)).toContain("payments-api");
  });

  it("A key and a signed message that were used act no second time", async () => {
    const { front, actor, life } = await upgraded(release);
    const again = await createRequest(front, actor("alice"), pendingAsk, PENDING_KEY);
    expect(again.id).toBe(life.pending);
    const used = { ...actor("alice"), nonce: NONCE };
    const other = {
      ...pendingAsk,
      access: { ...pendingAsk.access, policy: "AmazonEKSViewPolicy" },
    };
    await expect(createRequest(front, used, other, undefined)).rejects.toThrow();
    await expect(createRequest(front, actor("alice"), pendingAsk, undefined)).rejects.toMatchObject(
      {
        code: "duplicate-request",
      },
    );
  });

  it("A suspended person stays suspended until another admin lifts it", async () => {
    const { front, actor, ports, ask } = await upgraded(release);
    await expect(ask({}, "mallory")).rejects.toMatchObject({ code: "suspended" });
    expect(Object.keys((await ports.stopCopy.load()).people)).toEqual(["mallory"]);
    await changeStops(front, actor("dora"), "lift", "mallory", "she has a new one");
    expect((await front.stops.latest()).people).toEqual({});
  });

  it("Open reviews, findings and delegations are listed, and can be closed", async () => {
    const world = await upgraded(release);
    const { front, actor, life, stored } = world;
    await world.convergeAtEnd(await world.request("toReview"));
    await world.settle(600);
    await closeReview(front, actor("bob"), life.toReview, "looked at it");
    expect((await world.request("toReview")).review).toMatchObject({ closed: { person: "bob" } });
    expect(await stored.evidence.finding(life.openFinding)).toBeDefined();
    const held = await listDelegations(front, actor("bob"), { limit: 10 });
    expect(JSON.stringify(held)).toContain(life.delegation);
    expect(JSON.stringify(held)).not.toContain(life.endedDelegation);
  });

  it("Records of notify, of the API's lists and of the readers are found", async () => {
    const { life, stored, ports, clock } = await upgraded(release);
    expect(await stored.notices.load(life.active)).toMatchObject({
      sent: { post: { hash: "shown" } },
    });
    expect(await stored.cursorKeys.findKey(CURSOR_DAY)).toHaveLength(32);
    expect(await stored.pace.nextSlot("C0001", 1_000, clock.now())).toBeNull();
    expect(await stored.standing.load(PROD.arn)).toMatchObject({ complete: { read: 1 } });
    expect((await stored.standing.entries(PROD.arn, "pass-1", { limit: 9 })).items).toHaveLength(1);
    expect(await ports.circuits.load(PROD.arn)).toEqual({ failures: 2, openUntil: null });
    expect((await stored.evidence.callsFor(life.active)).length).toBeGreaterThan(0);
  });

  it("The archive verifies with its key: every seal, and every record of a sealed day", () => {
    const { archive } = readGolden(release);
    const lines = (prefix: string) =>
      Object.entries(archive.objects).flatMap(([key, all]) => (key.startsWith(prefix) ? all : []));
    const days = lines("seals/").map((line) => JSON.parse(line) as SealedDay);
    const { faults, tips } = verifySeals(days, sealKeyOf(archive));
    expect(faults).toEqual([]);
    expect(days.map(({ seal }) => seal.day)).toEqual(["2026-11-24"]);
    const verifier = sealRecordVerifier(tips, { until: "2026-11-24" });
    const records = lines("records/").map((line) => JSON.parse(line));
    expect(records.length).toBeGreaterThan(30);
    const found = records.map(({ chain, record: { seq, hash, at } }) =>
      verifier.add({ chain, seq, hash, at }),
    );
    expect([...found, ...verifier.end()].filter(Boolean)).toEqual([]);
  });
});
