/**
 * The rights to stop and lift, the people whom a stop ends, and converge's view of the chain of
 * stops.
 */
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, BOB, T0 } from "../../../../lab/fakes/builders.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { followStops } from "../../../../shared/domain/stops/follow-stops.ts";
import { checkStop } from "../../../../shared/domain/stops/judge-stop.ts";
import { stopOfGrant } from "../../../../shared/domain/stops/stopped-grant.ts";
import {
  afterStop,
  lifts,
  NO_STOPS,
  type StopCopy,
  type StopRecord,
  type Stops,
  type StopType,
  stopRecord,
  stopsAfter,
  suspensionOf,
} from "../../../../shared/domain/stops/stops.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

/** Carol, dora and erin are admins. */
const POLICY = withAdmins(aPolicy());
const SKEW = 600;
const SKEWS = { policySkewSeconds: SKEW, clockDifferenceSeconds: 10 };
const by = (name: string) => ({ by: name, at: T0, reason: `of ${name}` });
const stopped = (people: Readonly<Record<string, string>>, drain?: string): Stops => ({
  ...NO_STOPS,
  people: Object.fromEntries(Object.entries(people).map(([name, admin]) => [name, by(admin)])),
  drain: drain === undefined ? null : by(drain),
});
const draft = (type: StopType, actor: string, person: string | null = null, more: object = {}) => ({
  type,
  actor,
  at: T0,
  policyHash: POLICY.hash,
  details: { person, reason: `of ${actor}`, surface: "api" as const, proof: {} },
  ...more,
});

describe("The right to stop, and to lift that", () => {
  const code = (before: Stops, type: StopType, actor: string, person: string | null = null) => {
    try {
      checkStop(POLICY, before, { type, actor, person });
      return "allowed";
    } catch (error) {
      return error instanceof BrokerError ? error.code : error;
    }
  };

  it("Only admins may, unless they are suspended themselves", () => {
    expect(code(NO_STOPS, "suspend", "carol", "alice")).toBe("allowed");
    for (const actor of ["bob", "nobody"])
      expect(code(NO_STOPS, "suspend", actor, "alice")).toBe("forbidden");
    for (const type of ["suspend", "lift", "drain", "undrain"] as const)
      expect(
        code(
          stopped({ carol: "dora" }, "dora"),
          type,
          "carol",
          type.endsWith("drain") ? null : "bob",
        ),
      ).toBe("suspended");
  });

  it("A suspension is made once, and another admin lifts it", () => {
    const suspended = stopped({ alice: "carol" });
    expect(code(suspended, "suspend", "dora", "alice")).toBe("already-suspended");
    expect(code(suspended, "suspend", "dora", "bob")).toBe("allowed");
    expect(code(suspended, "lift", "dora", "alice")).toBe("allowed");
    expect(code(suspended, "lift", "carol", "alice")).toBe("own-stop");
    expect(code(suspended, "lift", "dora", "bob")).toBe("not-suspended");
    expect(code(stopped({}, "carol"), "lift", "dora", "alice")).toBe("not-suspended");
  });

  it("A lift is made although nobody is left who could lift a stop of who makes it", () => {
    const others = { carol: "dora", erin: "dora" };
    expect(code(stopped({ alice: "carol", ...others }), "lift", "dora", "alice")).toBe("allowed");
    expect(code(stopped(others, "carol"), "undrain", "dora")).toBe("allowed");
  });

  it("A drain is made once, and another admin lifts it", () => {
    const drained = stopped({}, "carol");
    expect(code(drained, "drain", "dora")).toBe("already-drained");
    expect(code(NO_STOPS, "drain", "dora")).toBe("allowed");
    expect(code(drained, "undrain", "dora")).toBe("allowed");
    expect(code(drained, "undrain", "carol")).toBe("own-stop");
    expect(code(stopped({ alice: "carol" }), "undrain", "dora")).toBe("not-drained");
  });
});

describe("The people who are stopped after a record", () => {
  const both = stopped({ alice: "carol", bob: "dora" }, "carol");

  it("Each kind changes its own, and leaves the rest", () => {
    const next = (type: StopType, person: string | null = null) =>
      afterStop(both, draft(type, "erin", person));
    const stop = { by: "erin", at: T0, reason: "of erin" };
    expect(next("drain")).toEqual({ people: both.people, drain: stop });
    expect(next("undrain")).toEqual({ people: both.people, drain: null });
    expect(next("lift", "alice")).toEqual({ people: { bob: by("dora") }, drain: both.drain });
    expect(next("suspend", "frank")).toEqual({
      people: { ...both.people, frank: stop },
      drain: both.drain,
    });
    expect(next("suspend", "alice").people["alice"]).toEqual(stop);
    expect((["suspend", "lift", "drain", "undrain"] as const).filter(lifts)).toEqual([
      "lift",
      "undrain",
    ]);
  });

  it("A record is the next of the chain, and says itself who is stopped", () => {
    const first = stopRecord(NO_STOPS, draft("suspend", "carol", "alice"));
    const second = stopRecord(stopsAfter(first), draft("drain", "dora"));
    expect([first.seq, second.seq, second.previousHash]).toEqual([1, 2, first.hash]);
    expect(stopsAfter(second)).toMatchObject({
      seq: 2,
      hash: second.hash,
      people: { alice: { by: "carol" } },
      drain: { by: "dora" },
    });
    expect(suspensionOf(stopsAfter(second), "toString")).toBeUndefined();
  });
});

describe("The grants that a stop ends", () => {
  const why = (of: Stops, requester: string, principalArn: string) =>
    stopOfGrant(POLICY, of, { requester, principalArn })?.detail;

  it("A drain ends all, and a suspension those that its person asked for or has the access of", () => {
    const suspended = stopped({ alice: "carol" });
    expect(why(stopped({}, "carol"), "bob", BOB)).toBe("carol drained the broker: of carol.");
    expect(why(suspended, "alice", ALICE)).toBe("carol suspended alice: of carol.");
    expect(why(suspended, "alice", BOB)).toBe("carol suspended alice: of carol.");
    expect(why(suspended, "bob", ALICE)).toBe("carol suspended alice: of carol.");
    expect(why(suspended, "bob", BOB)).toBeUndefined();
    expect(why(NO_STOPS, "alice", ALICE)).toBeUndefined();
  });
});

it("Of several stops the first that was made says since when a grant is over", () => {
  const drain = { by: "carol", at: "2026-12-01T11:00:00.000Z", reason: "all" };
  const people = { alice: { by: "carol", at: "2026-12-01T10:00:00.000Z", reason: "one" } };
  const grant = { requester: "alice", principalArn: ALICE };
  expect(stopOfGrant(POLICY, { people, drain }, grant)).toMatchObject({
    code: "drained",
    at: people.alice.at,
  });
});

describe("Converge's view of the chain of stops", () => {
  /** Records of one chain, each after what the one before says. */
  function chainOf(...drafts: readonly ReturnType<typeof draft>[]) {
    const records: StopRecord[] = [];
    let stops = NO_STOPS;
    for (const each of drafts) {
      records.push(stopRecord(stops, each));
      stops = stopsAfter(records.at(-1) as StopRecord);
    }
    return records;
  }
  const follow = (records: readonly StopRecord[], copy: StopCopy = NO_STOPS, seconds = 0) =>
    followStops(POLICY, copy, records, plusSeconds(T0, seconds), SKEWS);
  const suspended = draft("suspend", "carol", "alice");

  it("Every record that stops, whoever made it, and a lift only of who may", () => {
    const [first, lift] = chainOf(suspended, draft("lift", "dora", "alice"));
    expect(follow(chainOf(draft("suspend", "mallory", "alice"))).stops.people).toHaveProperty(
      "alice",
    );
    expect(follow([first, lift] as StopRecord[])).toMatchObject({
      stops: { people: {}, seq: 2 },
      refused: [],
    });
    for (const actor of ["carol", "mallory", "bob"]) {
      const records = chainOf(suspended, draft("lift", actor, "alice"));
      const found = follow(records);
      expect(found).toMatchObject({
        stops: { seq: 2, people: { alice: { by: "carol" } } },
        refused: [2],
      });
      expect(found.stops.hash).toBe(records[1]?.hash);
      expect(found.keep).toEqual(found.stops);
    }
  });

  it.each([
    ["suspend", "alice"],
    ["drain", null],
  ] as const)(
    "Of two records that %s, the later one counts where its author may",
    (type, person) => {
      const stopOf = (actor: string) => {
        const { people, drain } = follow(
          chainOf(draft(type, "carol", person), draft(type, actor, person)),
        ).stops;
        return person === null ? drain : people[person];
      };
      expect(stopOf("dora")).toMatchObject({ by: "dora" });
      for (const actor of ["mallory", "bob"]) expect(stopOf(actor)).toMatchObject({ by: "carol" });
    },
  );

  it("It judges what it believed itself, and not what a record claims of those before", () => {
    const forged = chainOf(suspended, draft("lift", "mallory", "alice"), draft("drain", "dora"));
    expect(follow(forged).stops).toMatchObject({
      people: { alice: {} },
      drain: { by: "dora" },
      seq: 3,
    });
  });

  it("A lift under another policy is judged again while that may be deployed, and kept out meanwhile", () => {
    const newer = { policyHash: "b".repeat(64) };
    const records = chainOf(
      suspended,
      draft("lift", "frank", "alice", newer),
      draft("drain", "dora"),
    );
    const recent = follow(records, NO_STOPS, SKEW - 1);
    expect(recent).toMatchObject({ stops: { seq: 3 }, keep: { seq: 1 }, refused: [2] });
    expect(recent.keep.people).toHaveProperty("alice");
    expect(follow(records, NO_STOPS, SKEW).keep.seq).toBe(3);
    // The API's clock may be ahead.
    expect(follow(records, NO_STOPS, -10).keep.seq).toBe(1);
    const same = chainOf(suspended, draft("lift", "frank", "alice"));
    expect(follow(same, NO_STOPS, 0).keep.seq).toBe(2);
  });

  it.each(["lift", "suspend"] as const)(
    "The copy stays before no %s of the future, which others may have dated so that it never goes on",
    (type) => {
      const newer = { policyHash: "b".repeat(64) };
      const records = chainOf(suspended, draft(type, "frank", "erwin", newer));
      expect(follow(records, NO_STOPS, -11).keep.seq).toBe(2);
    },
  );

  it("Its copy keeps nobody whom the policy does not name, so that no number of names makes it too large", () => {
    const records = chainOf(draft("suspend", "mallory", "nobody"), suspended);
    const found = follow(records, NO_STOPS, SKEW);
    expect(found.keep).toMatchObject({ seq: 2, hash: records[1]?.hash });
    expect(Object.keys(found.keep.people)).toEqual(["alice"]);
    expect(Object.keys(found.stops.people)).toEqual(["nobody", "alice"]);
    const broken = follow([...records, {}] as StopRecord[], NO_STOPS, SKEW);
    expect(Object.keys(broken.keep.people)).toEqual(["alice"]);
  });

  it("Its copy keeps whoever was in it, also once they have left the policy", () => {
    const left = stopped({ gone: "carol" });
    expect(Object.keys(follow([], left).keep.people)).toEqual(["gone"]);
  });

  it("A suspension of somebody whom only a newer policy may name is judged again while that may be deployed", () => {
    const newer = { policyHash: "b".repeat(64) };
    const records = chainOf(suspended, draft("suspend", "carol", "frank", newer));
    const recent = follow(records, NO_STOPS, SKEW - 1);
    expect(recent).toMatchObject({ keep: { seq: 1 }, refused: [] });
    expect(recent.stops.people).toHaveProperty("frank");
    expect(follow(records, NO_STOPS, SKEW).keep.seq).toBe(2);
  });

  it("Of several lifts that may be judged again, the copy stays before the first", () => {
    const newer = { policyHash: "b".repeat(64) };
    const records = chainOf(
      ...[suspended, draft("suspend", "carol", "bob")],
      ...["alice", "bob"].map((name) => draft("lift", "frank", name, newer)),
    );
    const { refused, keep } = follow(records);
    expect(refused).toEqual([3, 4]);
    expect(keep).toMatchObject({ seq: 2, people: { alice: {}, bob: {} } });
  });

  describe("What it followed beyond a copy that is kept back", () => {
    const newer = { policyHash: "b".repeat(64) };
    const records = chainOf(
      draft("lift", "frank", "bob", newer),
      suspended,
      draft("drain", "carol"),
    );
    const copy = follow(records).keep;
    const [lift, second] = records as [StopRecord, StopRecord];

    it("It says who was stopped, and names only those whom the copy does not", () => {
      expect(copy).toMatchObject({ seq: 0, people: {}, drain: null });
      const ahead = { seq: 3, people: { alice: { by: "carol" } }, drain: { by: "carol" } };
      expect(copy.ahead).toMatchObject({ ...ahead, hash: records[2]?.hash });
      const before = { ...NO_STOPS, people: { alice: by("carol") } };
      expect(follow(records, before).keep.ahead?.people).toEqual({});
    });

    it("It goes on where the chain holds, and into the copy once nothing keeps that back", () => {
      expect(follow(records, copy)).toMatchObject({ stops: { seq: 3 }, keep: copy });
      expect(follow(records, copy).brokenAfter).toBeUndefined();
      const later = follow(records, copy, SKEW).keep;
      expect(later).toMatchObject({ seq: 3, people: { alice: {} }, drain: { by: "carol" } });
      expect(later.ahead).toBeUndefined();
      const undone = chainOf(
        ...[draft("lift", "frank", "bob", newer), suspended, draft("drain", "carol")],
        draft("lift", "dora", "alice"),
        draft("undrain", "dora"),
      );
      expect(follow(undone, copy).stops).toMatchObject({ seq: 5, people: {}, drain: null });
    });

    const other = stopRecord(stopsAfter(lift), draft("suspend", "carol", "bob"));
    it.each<[string, readonly StopRecord[], readonly string[]]>([
      [
        "is written over",
        [lift, other, stopRecord(stopsAfter(other), suspended)],
        ["alice", "bob"],
      ],
      [
        "is written over at its end",
        [lift, second, stopRecord(stopsAfter(second), draft("lift", "dora", "alice"))],
        ["alice"],
      ],
      ["has a gap", [second], ["alice"]],
    ])("Nobody takes it back: the chain %s", (_, chain, people) => {
      for (const seconds of [0, SKEW]) {
        const found = follow(chain, copy, seconds);
        expect(found.brokenAfter).toBeLessThan(3);
        expect(Object.keys(found.stops.people)).toEqual(people);
        expect(found.stops.drain).toMatchObject({ by: "carol" });
        const { people: _, drain, ...rest } = found.keep;
        expect(copy).toMatchObject(rest);
        expect([null, found.stops.drain]).toContainEqual(drain);
      }
    });
  });

  it("It goes on from its copy, and knows where a record was left out or follows another", () => {
    const records = chainOf(suspended, draft("drain", "dora"), draft("undrain", "carol"));
    const [first, ...rest] = records;
    if (!first) throw new Error("There is no record.");
    expect(follow(rest, stopsAfter(first)).stops).toMatchObject({ seq: 3, drain: null });
    expect(follow([], stopsAfter(first)).stops).toEqual(stopsAfter(first));
    expect(follow(records).brokenAfter).toBeUndefined();
    const drained = { ...NO_STOPS, drain: { by: "dora" } };
    expect(follow(rest)).toMatchObject({ brokenAfter: 0, keep: drained });
    expect(follow([first, ...rest.slice(1)])).toMatchObject({ brokenAfter: 1, keep: { seq: 1 } });
    expect(follow(records, stopsAfter(first))).toMatchObject({ brokenAfter: 1, keep: { seq: 1 } });
  });

  it.each([{ person: "x".repeat(65) }, { reason: "x".repeat(501) }])(
    "A record that is larger than any of the broker's is none: %o",
    (more) => {
      const large = { ...suspended, details: { ...suspended.details, ...more } };
      expect(follow(chainOf(large))).toMatchObject({ brokenAfter: 0, keep: NO_STOPS });
    },
  );

  const JUNK: readonly (readonly [string, unknown])[] = [
    ["nothing", undefined],
    ["a text", "record"],
    ["an empty map", {}],
    ["a record of an unknown type", { ...suspended, type: "toString" }],
    ["a record whose hash is not its own", { ...chainOf(suspended)[0], hash: "f".repeat(64) }],
  ];
  it.each(JUNK)("Behind %s, it believes what stops, and lifts nothing", (_, junk) => {
    const [first] = chainOf(draft("drain", "carol"));
    const behind = chainOf(draft("undrain", "dora"), draft("suspend", "carol", "bob"));
    const found = follow([first, junk, ...behind] as StopRecord[]);
    expect(found.stops).toMatchObject({ people: { bob: { by: "carol" } }, drain: { by: "carol" } });
    expect(found).toMatchObject({ brokenAfter: 1, keep: { seq: 1, people: { bob: {} } } });
    const over = chainOf(draft("drain", "carol"), draft("suspend", "carol", "nobody"));
    expect(follow(over.slice(1), found.keep).stops.people).toMatchObject({ bob: { by: "carol" } });
    const lifted = [
      ...over,
      stopRecord(stopsAfter(over[1] as StopRecord), draft("lift", "dora", "bob")),
    ];
    expect(follow(lifted.slice(1), found.keep).stops.people).not.toHaveProperty("bob");
  });
});
