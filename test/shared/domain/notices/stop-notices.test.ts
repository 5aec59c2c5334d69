import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { stopEvents } from "../../../../shared/domain/notices/stop-events.ts";
import { stopNotices } from "../../../../shared/domain/notices/stop-notices.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { NO_STOPS, stopRecord, stopsAfter } from "../../../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { aStop } from "../../../contracts/stop-store.contract.ts";

const POLICY: AccessPolicy = {
  ...withAdmins(),
  slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
};
const SUSPENDED = stopRecord(NO_STOPS, aStop());
const LIFTED = stopRecord(
  stopsAfter(SUSPENDED),
  aStop({ type: "lift", actor: "dora", reason: "" }),
);
const DRAINED = stopRecord(stopsAfter(LIFTED), aStop({ type: "drain", person: null }));
const { at: AT } = SUSPENDED;

describe("the notices of a suspension", () => {
  it("A suspension is one message in the alarm channel and one to its person, before others", () => {
    const common = {
      subject: "stop-1",
      kind: "stop",
      facts: {
        seq: 1,
        type: "suspend",
        actor: "carol",
        person: "alice",
        at: AT,
        reason: "her laptop is gone",
        liftedBy: ["dora", "erin"],
      },
      actions: [],
      send: true,
      precedence: "first",
      notBefore: null,
    };
    expect(stopNotices(POLICY, SUSPENDED, AT)).toEqual({
      notices: [
        { ...common, key: "stop@C0002", audience: { kind: "channel", channel: "C0002" } },
        { ...common, key: "stop@alice", audience: { kind: "person", person: "alice" } },
      ],
      changesAt: null,
    });
  });

  it("A lift has messages of its own, and nobody lifts it", () => {
    const { notices } = stopNotices(POLICY, LIFTED, AT);
    expect(notices.map(({ subject, key }) => [subject, key])).toEqual([
      ["stop-2", "stop@C0002"],
      ["stop-2", "stop@alice"],
    ]);
    expect(notices[0]?.facts).toMatchObject({ type: "lift", actor: "dora", liftedBy: [] });
  });

  it("A drain has a message only in the alarm channel", () => {
    const { notices } = stopNotices(POLICY, DRAINED, AT);
    expect(notices.map(({ key }) => key)).toEqual(["stop@C0002"]);
  });

  it("Somebody whom access.yaml no longer names gets no message", () => {
    const { alice: _, ...people } = POLICY.people;
    const { notices } = stopNotices({ ...POLICY, people }, SUSPENDED, AT);
    expect(notices.map(({ key }) => key)).toEqual(["stop@C0002"]);
  });

  it("Without a Slack workspace there is none, and a day later it is old news", () => {
    expect(stopNotices(aPolicy(), SUSPENDED, AT).notices).toEqual([]);
    expect(stopNotices(POLICY, SUSPENDED, plusSeconds(AT, 86_400)).notices).toHaveLength(2);
    expect(stopNotices(POLICY, SUSPENDED, plusSeconds(AT, 86_401)).notices).toEqual([]);
  });
});

describe("the event of a suspension", () => {
  it("It says who did what to whom and why, who is stopped since, and not by which proof", () => {
    expect(stopEvents(DRAINED)).toEqual([
      {
        subject: "stop-3",
        seq: 1,
        type: "drain",
        at: AT,
        detail: {
          id: "stop-3#1",
          event: {
            seq: 3,
            type: "drain",
            actor: "carol",
            at: AT,
            details: { person: null, reason: "her laptop is gone" },
            hash: DRAINED.hash,
          },
          stopped: { people: [], count: 0, drained: true },
        },
      },
    ]);
    expect(stopEvents(SUSPENDED)[0]?.detail).toMatchObject({
      stopped: { people: ["alice"], count: 1, drained: false },
    });
  });

  it("More than 500 suspended people are counted", () => {
    const people = Object.fromEntries(
      Array.from({ length: 501 }, (_, n) => [`p${n}`, { by: "carol", at: AT, reason: "x" }]),
    );
    const [event] = stopEvents(stopRecord({ ...NO_STOPS, people }, aStop({ person: "p1" })));
    expect(event?.detail).toMatchObject({ stopped: { count: 501 } });
    expect(JSON.stringify(event?.detail).match(/"p\d+"/g)).toHaveLength(501);
  });
});
