import {
  DescribeClusterCommand,
  ListClustersCommand,
  TagResourceCommand,
} from "@aws-sdk/client-eks";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { emptyTrailState, memoryHistory } from "../../../../../lab/sandbox/aws/cloudtrail/state.ts";
import { openTrail } from "../../../../../lab/sandbox/aws/cloudtrail/trail.ts";
import type { TrailRecord } from "../../../../../lab/sandbox/aws/cloudtrail/trail-record.ts";
import type { CallRecord } from "../../../../../lab/sandbox/aws/dispatch.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { ACCOUNT, iamStore, REGION } from "../iam-world.ts";
import { CLUSTER, DELAY_SECONDS, type TrailWorld, trailWorld } from "./trail-world.ts";

let world: TrailWorld;
beforeAll(async () => {
  world = await trailWorld();
});
beforeEach(() => {
  world.pass(3600);
  world.bus.length = 0;
  world.history.records.length = 0;
});
afterAll(() => world.close());

const tag = (value: string) =>
  world.eks.send(
    new TagResourceCommand({
      resourceArn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${CLUSTER}`,
      tags: { a: value },
    }),
  );
const tagsOn = (records: readonly { readonly requestParameters: unknown }[]) =>
  records.map(({ requestParameters }) => (requestParameters as { tags: { a: string } }).tags.a);
const fault = (effect: string, more: Record<string, unknown> = {}) =>
  world.inject({ kind: "trail", effect, service: "eks", count: 1, ...more });

/** A trail over a copy of what was stored, this many seconds later, as after a crash. */
function restart(seconds: number) {
  const history = memoryHistory();
  history.records.push(...world.history.records);
  const bus: TrailRecord[] = [];
  const trail = openTrail({
    store: memoryStore(structuredClone(world.store.state)),
    history,
    iam: iamStore(),
    delaySeconds: 0,
    toEventBridge: (record) => bus.push(record),
    now: () => world.clock.ms + seconds * 1000,
  });
  trail.start();
  return { history, bus, trail };
}

describe("delivery of CloudTrail's records", () => {
  it("A record arrives after the delay, in the event history and on the bus", async () => {
    await tag("1");
    world.pass(DELAY_SECONDS - 1);
    expect([world.history.records, world.bus]).toEqual([[], []]);
    world.pass(1);
    expect(tagsOn(world.history.records)).toEqual(["1"]);
    expect(tagsOn(world.bus)).toEqual(["1"]);
    world.pass(DELAY_SECONDS);
    expect(world.bus).toHaveLength(1);
  });

  it("The record of a call that only reads goes to no bus", async () => {
    await world.eks.send(new ListClustersCommand({}));
    await world.eks.send(new DescribeClusterCommand({ name: CLUSTER }));
    world.pass(DELAY_SECONDS);
    expect(world.history.records).toHaveLength(2);
    expect(world.bus).toEqual([]);
  });

  it("A record may come twice on the bus, with the same event id", async () => {
    await fault("duplicate");
    await tag("1");
    world.pass(DELAY_SECONDS * 2);
    expect(world.bus.map(({ eventID }) => eventID)).toEqual([
      world.history.records[0]?.eventID,
      world.history.records[0]?.eventID,
    ]);
    expect(world.history.records).toHaveLength(1);
  });

  it("A record may be lost, everywhere or only on the bus", async () => {
    await fault("lose");
    await tag("1");
    await fault("lose-event");
    await tag("2");
    world.pass(3600);
    expect(tagsOn(world.history.records)).toEqual(["2"]);
    expect(world.bus).toEqual([]);
  });

  it("A late record says that it is late", async () => {
    await fault("delay", { milliseconds: 60_000 });
    await tag("1");
    world.pass(DELAY_SECONDS + 59);
    expect(world.bus).toEqual([]);
    world.pass(1);
    expect(world.bus[0]?.addendum).toEqual({ reason: "DELIVERY_DELAY" });
  });

  it("The record of a later call may overtake a record", async () => {
    await tag("1");
    await fault("reorder");
    await tag("2");
    await tag("3");
    world.pass(DELAY_SECONDS);
    expect(tagsOn(world.bus)).toEqual(["1", "3", "2"]);
    expect(tagsOn(world.history.records)).toEqual(["1", "3", "2"]);
  });

  it("A record that no later one overtakes is at most a minute late", async () => {
    await tag("1");
    await fault("reorder");
    await tag("2");
    world.pass(DELAY_SECONDS);
    expect(tagsOn(world.bus)).toEqual(["1"]);
    world.pass(60);
    expect(tagsOn(world.bus)).toEqual(["1", "2"]);
  });

  it("A record may lack its answer at first; a second record corrects it", async () => {
    await fault("correct", { operation: "TagResource" });
    await tag("1");
    world.pass(DELAY_SECONDS * 2 + 1);
    const [first, second] = world.bus;
    expect(first).toMatchObject({ responseElements: null });
    expect(second?.addendum).toEqual({
      reason: "UPDATED_DATA",
      updatedFields: "responseElements",
      originalRequestID: first?.requestID,
      originalEventID: first?.eventID,
    });
    expect(second?.eventID).not.toBe(first?.eventID);
    expect(world.history.records).toHaveLength(2);
  });

  it("A trail fault never changes the call itself", async () => {
    await fault("lose");
    await expect(tag("1")).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  it("A new trail delivers what an earlier one had not, once it is started", async () => {
    await tag("1");
    const after = restart(DELAY_SECONDS);
    await vi.waitFor(() => expect(tagsOn(after.history.records)).toContain("1"));
    after.trail.stop();
  });

  it("A crash right after a delivery loses no event: the bus gets it again, the history does not", async () => {
    await fault("duplicate");
    await tag("1");
    await fault("lose-event");
    await tag("2");
    world.pass(DELAY_SECONDS);
    const after = restart(0);
    await vi.waitFor(() => expect(tagsOn(after.bus)).toEqual(["1"]));
    expect(after.history.records).toEqual(world.history.records);
    after.trail.stop();
  });

  it("A record that was delivered a second ago is delivered once", async () => {
    await tag("1");
    world.pass(DELAY_SECONDS);
    world.pass(1);
    expect(world.store.state.pending).toEqual([]);
    expect(tagsOn(world.bus)).toEqual(["1"]);
  });

  it("A trail forgets by itself what it delivered", async () => {
    const store = memoryStore(emptyTrailState());
    const trail = openTrail({
      store,
      history: memoryHistory(),
      iam: iamStore(),
      delaySeconds: 0,
      toEventBridge: () => undefined,
    });
    trail.start();
    await tag("1");
    trail.record(world.calls.at(-1) as CallRecord);
    await vi.waitFor(() =>
      expect(store.state.pending).toMatchObject([{ deliveredAt: expect.any(Number) }]),
    );
    await vi.waitFor(() => expect(store.state.pending).toEqual([]), { timeout: 3_000 });
    trail.stop();
  });
});

it.each([
  [{ effect: "explode" }, 400],
  [{}, 400],
  [{ effect: "delay" }, 400],
  [{ effect: "lose", milliseconds: 5 }, 400],
  [{ effect: "lose", service: "iam" }, 400],
  [{ effect: "lose", service: "sts", operation: "GetCallerIdentity" }, 400],
  [{ effect: "lose", service: "sts", operation: "AssumeRole", count: 1 }, 201],
])("a fault of kind trail with %j answers %i", async (members, status) => {
  expect(await world.inject({ kind: "trail", ...members })).toBe(status);
});

it("a fault of another kind takes no effect", async () => {
  expect(await world.inject({ kind: "drop", effect: "lose" })).toBe(400);
});
