/** The messages about requests that were asked for at once. */
import { describe, expect, it } from "vitest";
import { aPolicy, aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { noticesTogether } from "../../../../shared/domain/notices/notices-together.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
const DAY = 86_400;

/** A rule of the same approvers for each part, so that parts may go to other channels and people. */
function policyWith(...changed: readonly Partial<Rule>[]): AccessPolicy {
  const policy = aPolicy();
  const edit = policy.rules.find(({ name }) => name === "payments-edit");
  if (!edit) throw new Error("The sample has no rule payments-edit.");
  const own = changed.map((each, at) => ({ ...edit, name: `part-${at + 1}`, ...each }));
  return { ...policy, slack: SLACK, rules: [...policy.rules, ...own] };
}

const ids = [countedId(1), countedId(2), countedId(3)];
const part = (number: number, changed: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest(),
  id: countedId(number),
  rule: `part-${number}`,
  askedWith: ids.filter((id) => id !== countedId(number)),
  ...changed,
});

/** The notices of each part, when they are looked at together. */
const all = (policy: AccessPolicy, parts: readonly AccessRequest[], now = T0) =>
  parts.map((one) =>
    noticesTogether(
      policy,
      one,
      parts.filter(({ id }) => id !== one.id),
      now,
    ),
  );
const sent = (policy: AccessPolicy, parts: readonly AccessRequest[], now = T0) =>
  all(policy, parts, now).map(({ notices }) =>
    notices
      .filter(({ send }) => send)
      .map(({ key, parts: more = [] }) =>
        [key, ...more.map(({ facts }) => facts.requestId)].join(" "),
      )
      .toSorted(),
  );

const THREE = [part(1), part(2), part(3)];

describe("Requests that were asked for at once", () => {
  it("One channel has one message for all of them, and it is the first one's", () => {
    expect(sent(policyWith({}, {}, {}), THREE)).toEqual([
      [`request@C0001 ${ids[1]} ${ids[2]}`],
      [],
      [],
    ]);
  });

  it("A part for another channel has its own message there", () => {
    const elsewhere = { notify: { channel: "C0009", direct: false } };
    expect(sent(policyWith({}, elsewhere, {}), THREE)).toEqual([
      [`request@C0001 ${ids[2]}`],
      ["request@C0009"],
      [],
    ]);
  });

  it("An approver has one message about those parts that they may decide", () => {
    const direct = (groups: readonly string[]): Partial<Rule> => ({
      notify: { channel: "C0001", direct: true },
      approval: [{ groups, count: 1 }],
    });
    const policy = policyWith(direct(["payments-leads"]), direct(["sre"]), direct(["sre"]));
    const requirements = [{ groups: ["sre"], count: 1 }];
    const parts = [part(1), part(2, { requirements }), part(3, { requirements })];
    const [one = [], two = [], three = []] = sent(policy, parts);
    expect(one).toEqual(["decision-wanted@bob", `request@C0001 ${ids[1]} ${ids[2]}`]);
    expect(two).toEqual([`decision-wanted@carol ${ids[2]}`]);
    expect(three).toEqual([]);
  });

  it("Whoever is asked about a part only later has another message about it, and keeps the first", () => {
    const direct = { notify: { channel: "C0001", direct: true } };
    const sre = [{ groups: ["sre"], count: 1 }];
    const escalate = { afterSeconds: 900, groups: ["sre"] };
    const later = [{ groups: ["payments-leads"], count: 1, escalate }];
    const policy = policyWith(
      { ...direct, approval: later },
      { ...direct, approval: sre },
      { ...direct, approval: sre },
    );
    const parts = [
      part(1, { requirements: later }),
      part(2, { requirements: sre }),
      part(3, { requirements: sre }),
    ];
    const [one, two, three] = sent(policy, parts, plusSeconds(T0, 1_000));
    expect(one).toContain("decision-wanted@carol");
    expect(two).toEqual([`decision-wanted@carol ${ids[2]}`]);
    expect(three).toEqual([]);
  });

  it("The message shows each part as it stands, with the buttons of each", () => {
    const denied = part(2, {
      state: "denied",
      outcome: { code: "denied", detail: "Denied by bob." },
    });
    const [lead] = all(policyWith({}, {}, { decideIn: ["api"] }), [part(1), denied, part(3)]);
    const message = lead?.notices.find(({ kind }) => kind === "request");
    expect(message?.actions).toContain("approve");
    expect(message?.parts).toMatchObject([
      { facts: { state: "denied" }, actions: [] },
      { facts: { state: "pending", decidedHere: false }, actions: ["details"] },
    ]);
  });

  it("What only one of two records says of the other counts for nothing to whoever reads it", () => {
    // The use case leaves out what does not name this request in turn.
    expect(sent(policyWith({}), [part(1)])).toEqual([["request@C0001"]]);
  });

  it("What asks again for any part is in the thread of the message that shows it, once", () => {
    const remind = { afterSeconds: 600, times: 2 };
    const policy = policyWith({}, { remind }, { remind });
    const parts = all(policy, THREE, plusSeconds(T0, 700));
    const reminders = parts.map(({ notices }) => notices.filter(({ kind }) => kind === "reminder"));
    expect(reminders[0]).toMatchObject([
      {
        subject: ids[0],
        key: "reminder-1@C0001",
        thread: "request@C0001",
        facts: { requestId: ids[1] },
      },
    ]);
    expect(parts[0]?.changesAt).toBe(plusSeconds(T0, 600 * 3));
  });

  it("Where the first part is long over, its message still shows what becomes of the others", () => {
    const over = part(1, {
      state: "cancelled",
      updatedAt: T0,
      outcome: { code: "cancelled", detail: "Cancelled by alice." },
    });
    const now = plusSeconds(T0, 2 * DAY);
    const parts = [over, part(2, { lapsesAt: plusSeconds(T0, 9 * DAY) }), part(3)];
    const [lead = [], two] = sent(policyWith({}, {}, {}), parts, now);
    expect(lead).toContain(`request@C0001 ${ids[1]} ${ids[2]}`);
    expect(two).toEqual([]);
  });

  it("E-mail is about one part each", () => {
    const policy = {
      ...policyWith({}, {}, {}),
      notices: { email: { from: "access@example.com", configurationSet: "timelatch" } },
    } as AccessPolicy;
    const { slack: _, ...mailed } = policy;
    for (const { notices } of all(mailed as AccessPolicy, THREE))
      for (const notice of notices) expect(notice.parts).toBeUndefined();
  });
});
