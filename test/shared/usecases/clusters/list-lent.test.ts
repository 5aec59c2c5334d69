/** The grants of a cluster that were live in an interval. */
import { describe, expect, it } from "vitest";
import { policyWith } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { listLent } from "../../../../shared/usecases/clusters/list-lent.ts";

const refused = (code: string) => expect.objectContaining({ code });

/** A broker with a grant that ended after an hour or so, and the list around its end. */
async function withEnded() {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  await broker.convergeAtEnd(grant);
  broker.clock.advance(60);
  await broker.converge();
  const ended = await broker.reload(grant);
  const listed = (from: string, to: string, by = "carol", cluster = "prod") =>
    listLent(broker.front, broker.actor(by), cluster, { from, to }, { limit: 10 });
  return { broker, ended, start: ended.approvedAt ?? "", end: ended.endedAt ?? "", listed };
}

describe("The grants of a cluster in an interval", () => {
  it("A grant is in each interval in which it was live, and in no other", async () => {
    const { ended, start, end, listed } = await withEnded();
    const ids = async (from: string, to: string) =>
      (await listed(from, to)).items.map(({ id }) => id);
    expect(await ids(start, end)).toEqual([ended.id]);
    expect(await ids(plusSeconds(end, -1), plusSeconds(end, 60))).toEqual([ended.id]);
    expect(await ids(plusSeconds(start, -60), plusSeconds(start, 1))).toEqual([ended.id]);
    expect(await ids(end, plusSeconds(end, 60))).toEqual([]);
    expect(await ids(plusSeconds(start, -60), start)).toEqual([]);
  });

  it("A grant that is open is in every interval after its start", async () => {
    const broker = memoryBroker();
    const { id } = await broker.grant();
    const from = plusSeconds(broker.clock.now(), 7_200);
    const interval = { from, to: plusSeconds(from, 60) };
    const page = await listLent(broker.front, broker.actor("carol"), "prod", interval, {
      limit: 9,
    });
    expect(page.items.map((grant) => grant.id)).toEqual([id]);
  });

  it("It begins the longest time before that a rule lends for, with extensions", async () => {
    const broker = memoryBroker();
    const { id, approvedAt } = await broker.grant();
    const policy = policyWith({
      extend: { times: 9, totalSeconds: 3 * 86_400, approval: "same" },
    });
    const from = plusSeconds(approvedAt ?? "", 2 * 86_400);
    const read = (front: typeof broker.front) =>
      listLent(
        front,
        broker.actor("carol"),
        "prod",
        { from, to: plusSeconds(from, 60) },
        { limit: 9 },
      );
    expect((await read(broker.front)).items).toEqual([]);
    expect((await read({ ...broker.front, policy })).items.map((grant) => grant.id)).toEqual([id]);
  });

  it("It says since when it knows every grant, and null where it knows none", async () => {
    const { start, end, listed } = await withEnded();
    expect(await listed(end, plusSeconds(end, 60))).toEqual({
      items: [],
      leftOut: 0,
      since: start,
    });
    expect(await listed(start, end, "carol", "staging")).toMatchObject({ since: null });
  });

  it("Whoever is neither auditor nor admin is refused, and so is a cluster that is not in the policy", async () => {
    const { start, end, listed } = await withEnded();
    for (const by of ["alice", "bob"])
      await expect(listed(start, end, by)).rejects.toEqual(refused("forbidden"));
    await expect(listed(start, end, "carol", "prd")).rejects.toEqual(refused("cluster-not-found"));
    await expect(listed(start, end, "alice", "prd")).rejects.toEqual(refused("forbidden"));
  });
});
