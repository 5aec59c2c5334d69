/**
 * The scenes of every plan of ten minutes, whatever its seed: each fault that strikes one deed,
 * three times or more.
 */
import { describe, expect, it } from "vitest";
import type { Action, ActionKind, ActionOf } from "../../../../lab/chaos/plan/action.ts";
import { calmSpans, keepsCalm } from "../../../../lab/chaos/plan/calm.ts";
import { makePlan } from "../../../../lab/chaos/plan/make-plan.ts";
import { NOTIFY_QUEUE } from "../../../../lab/chaos/plan/scene.ts";

const MINUTES = 10;
const UNTIL = MINUTES * 60_000;
const SCENES_FROM = 200_000;

type Plan = readonly Action[];
type Rule = ActionOf<"aws-fault">["rule"];

const of = <Kind extends ActionKind>(plan: Plan, kind: Kind) =>
  plan.filter((one): one is Extract<Action, { kind: Kind }> => one.kind === kind);
const rules = (plan: Plan, wanted: Rule) =>
  of(plan, "aws-fault").filter(({ rule }) =>
    Object.entries(wanted).every(([name, value]) => rule[name] === value),
  );
/** How many of these deeds begin while a fault of those lasts. */
const struck = (
  deeds: Plan,
  faults: readonly ActionOf<"aws-fault" | "slack-fault" | "outside-fault">[],
) =>
  deeds.filter((deed) =>
    faults.some(({ at, seconds }) => at < deed.at && deed.at < at + seconds * 1_000),
  ).length;
const inSlack = (plan: Plan, ...kinds: readonly ActionKind[]) =>
  plan.filter((one) => kinds.includes(one.kind) && "inSlack" in one);
const byApi = (plan: Plan, ...kinds: readonly ActionKind[]) =>
  plan.filter((one) => kinds.includes(one.kind) && !("inSlack" in one));

const chains = (plan: Plan) => {
  const extensions = of(plan, "extend").filter(({ life }) => life > SCENES_FROM);
  return (kind: "return" | "revoke") =>
    of(plan, kind).filter(({ life }) =>
      extensions.some((one) => one.life === life || one.of === life),
    ).length;
};

const lastKill = (plan: Plan, name: string) =>
  Math.max(
    ...plan
      .filter(
        (one) => one.kind === "kill-sandbox" || (one.kind === "kill-function" && one.name === name),
      )
      .map(({ at }) => at),
  );

const deafNotify = { kind: "refuse", service: "sqs", resource: NOTIFY_QUEUE };
/** Longer than from one sweep to the next but one. */
const deafToAll = (plan: Plan) =>
  rules(plan, deafNotify).filter(({ rule, seconds }) => !rule["role"] && seconds > 4);
/** Requests that are denied once Slack shows them, while notify is slow and hears of nothing. */
const deniedOnSight = (plan: Plan) =>
  of(plan, "deny").filter(
    ({ inSlack: is, onSight = [], ...one }) =>
      is &&
      struck([one], rules(plan, { ...deafNotify, role: "timelatch-sweep" })) === 1 &&
      onSight.some(({ rule }) => rule["role"] === "timelatch-notify") &&
      onSight.some(({ rule }) => rule["resource"] === NOTIFY_QUEUE),
  );

/** Ends of grants on entries that others use, while an addition of theirs is still to land. */
const overtaken = (plan: Plan) =>
  [...of(plan, "cancel"), ...of(plan, "revoke")].filter(({ life, at }) => {
    const isLate = rules(plan, { kind: "late", resource: "staging" }).some(
      (fault) => fault.at < at && at < fault.at + Number(fault.rule["milliseconds"]),
    );
    const isUsed = of(plan, "claim").some((claim) => claim.claim === life && claim.at < at);
    return isLate && isUsed;
  }).length;

const OUTSIDE_FROM = 250_000;
const RESTORES_FROM = 300_000;
const asksFor = (plan: Plan, terms: ActionOf<"ask">["terms"]) =>
  of(plan, "ask").filter((one) => one.terms === terms);
/** Faults that are more than slowness within the time of an answer. */
const failures = (plan: Plan) =>
  of(plan, "outside-fault").filter(({ rule }) => rule["milliseconds"] !== 3_500);

const slackTable = { service: "dynamodb", role: "timelatch-slack" };
const lostWakes = { service: "sqs", role: "timelatch-api" };

const CLASSES: Readonly<Record<string, (plan: Plan) => number>> = {
  "a chain is returned": (plan) => chains(plan)("return"),
  "a chain is revoked": (plan) => chains(plan)("revoke"),
  "whoever holds a chain is suspended": (plan) =>
    of(plan, "suspend").filter(({ seconds }) => seconds >= 20).length,
  "correlate fails as it hears of a change": (plan) =>
    rules(plan, { service: "dynamodb", role: "timelatch-correlate" }).filter(
      ({ rule }) => rule["operation"] === undefined,
    ).length,
  "the first look for calls fails": (plan) => rules(plan, { service: "cloudtrail" }).length,
  "a summary fails, and no kill of its process follows": (plan) =>
    of(plan, "aws-fault").filter(
      ({ rule, at, seconds }) =>
        (rule["service"] === "logs" || rule["role"] === "timelatch-activity") &&
        seconds > 20 &&
        at > lastKill(plan, "activity"),
    ).length,
  "the bus takes parts of calls after it was away": (plan) =>
    rules(plan, { kind: "partial" }).filter((part) =>
      rules(plan, { kind: "refuse", service: "events" }).some(
        ({ at, seconds }) => at + seconds * 1_000 === part.at,
      ),
    ).length,
  "the wake of an approval is lost": (plan) =>
    struck(byApi(plan, "approve"), rules(plan, lostWakes)),
  "the wake of an end is lost": (plan) =>
    struck(byApi(plan, "return", "revoke"), rules(plan, lostWakes)),
  "timers are lost": (plan) =>
    of(plan, "schedules").filter(({ behaviour }) => behaviour["lossProbability"] === 1).length,
  "two runs work at one entry as a grant begins": (plan) =>
    struck(byApi(plan, "approve"), rules(plan, { kind: "overlap" })),
  "two runs work at one entry as a grant ends": (plan) =>
    struck(byApi(plan, "return", "revoke"), rules(plan, { kind: "overlap" })),
  "a click that approves fails": (plan) =>
    struck(inSlack(plan, "approve"), rules(plan, slackTable)),
  "a click that denies fails": (plan) => struck(inSlack(plan, "deny"), rules(plan, slackTable)),
  "a click that ends fails": (plan) =>
    struck(inSlack(plan, "return", "revoke"), rules(plan, slackTable)),
  "an answer of the API to an approval fails": (plan) =>
    struck(byApi(plan, "approve"), rules(plan, { service: "dynamodb", role: "timelatch-api" })),
  "an answer of the API to an end fails": (plan) =>
    struck(
      byApi(plan, "return", "revoke"),
      rules(plan, { service: "dynamodb", role: "timelatch-api" }),
    ),
  "the last step wakes nobody while notify is at work": (plan) =>
    rules(plan, { service: "sqs", role: "timelatch-converge", kind: "throttle" }).length,
  "a last step is stored while notify is at work, and nobody can wake it": (plan) =>
    deniedOnSight(plan).length,
  "nobody can wake notify for a last step, and no kill of sweep follows": (plan) =>
    struck(
      byApi(plan, "deny", "cancel").filter(({ at }) => at > lastKill(plan, "sweep")),
      deafToAll(plan),
    ),
  "an addition without an answer lands after its grant is over, where others use the entry":
    overtaken,
  "whoever may not approve clicks": (plan) =>
    of(plan, "approve").filter(({ person, inSlack: is }) => is && person === "mallory").length,
  "somebody fills in the form": (plan) => of(plan, "ask").filter(({ byForm }) => byForm).length,
  "a service fails as somebody asks who is on call there": (plan) =>
    struck(asksFor(plan, "view-on-call"), failures(plan)),
  "somebody hands their shift over while the service answers late": (plan) =>
    struck(of(plan, "shift"), of(plan, "outside-fault")),
  "a ticket is closed with which access ends": (plan) =>
    of(plan, "ticket").filter(({ ticket, status, at }) =>
      asksFor(plan, "view-ticket").some(
        (one) => status === "done" && one.ticket === ticket && one.at < at,
      ),
    ).length,
  "a tracker fails as somebody asks for a ticket": (plan) =>
    struck(asksFor(plan, "view-ticket"), failures(plan)),
  "every service fails as somebody is lent what needs none of them": (plan) =>
    struck(
      of(plan, "approve").filter(({ life }) => life >= OUTSIDE_FROM && life < RESTORES_FROM),
      of(plan, "outside-fault"),
    ),
  "Slack does not take the last update": (plan) =>
    of(plan, "slack-fault").filter(
      ({ rule, seconds }) => rule["method"] === "chat.update" && seconds === 12,
    ).length,
};

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);
const PLANS = SEEDS.map((seed) => makePlan(seed, MINUTES));

describe("Every plan of ten minutes", () => {
  it.each(Object.entries(CLASSES))("In it %s, three times or more", (_name, count) => {
    const counts = PLANS.map(count);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
  });

  it("Twice it leaves the end of a grant only to its fuse", () => {
    for (const plan of PLANS)
      expect(
        rules(plan, { role: "timelatch-grantor", operation: "DeleteAccessEntry" }).length,
      ).toBe(2);
  });

  it("In its calm spans nothing is killed that removes access, and no removal is held up elsewhere", () => {
    const calm = calmSpans(UNTIL);
    expect(calm.length).toBe(5);
    for (const plan of PLANS) {
      const rough = plan.filter((action) => !keepsCalm(action, calm));
      const unlike = rough.filter(
        ({ kind, ...one }) => !["schedules", "suspend"].includes(kind) && !("rule" in one),
      );
      expect(unlike).toEqual([]);
    }
  });
});
