/** Mutants: what explains an event of CloudTrail. */
import type { Mutant } from "./mutant.ts";

const ARMED_FUSES = "shared/usecases/evidence/grants-on-entry.ts";
const EXPECTED = "shared/domain/evidence/calls/expected-principal.ts";
const EXPLAIN = "shared/domain/evidence/calls/explain-event.ts";
const FACTS = "shared/usecases/evidence/known-facts.ts";
const INTENDED = "shared/domain/evidence/calls/intended-by.ts";
const KEYS = "shared/domain/evidence/record-key.ts";
const LENT = "shared/domain/evidence/calls/lent-access.ts";
const TAKE = "shared/usecases/evidence/take-messages.ts";
const TRAIL_EVENT = "shared/domain/evidence/trail/trail-event.ts";

export const EXPLANATIONS: readonly Mutant[] = [
  {
    name: "lets an intent explain what is added after its grant has ended",
    edits: [
      { file: INTENDED, from: "(made !== own || isServing(one.call, own.at, ended))", to: "true" },
    ],
    scenario: "access is given again after a proven end",
    breaks: "changes-found",
  },
  {
    name: "takes an addition after an end for a removal that leaves it",
    edits: [
      { file: ARMED_FUSES, from: "each.filter(({ isGone }) => !isGone)", to: "each.slice(0)" },
    ],
    scenario: "access is given again after a proven end",
    breaks: "changes-found",
  },
  {
    name: "lets an intent explain any number of calls",
    edits: [
      {
        file: INTENDED,
        from: "for (const made of spent) if",
        to: "for (const made of spent.slice(0, 0)) if",
      },
    ],
    scenario: "a call is made once more than it was intended",
    breaks: "changes-found",
  },
  {
    name: "confirms a stored call of any role",
    edits: [
      {
        file: EXPLAIN,
        from: ' && ownRole(event, roles) === "grantor"',
        to: " && roles !== undefined",
      },
    ],
    scenario: "somebody stores a call of their own role",
    breaks: "changes-found",
  },
  {
    name: "knows the fuse role of its own account alone",
    edits: [
      {
        file: FACTS,
        from: "const fuseRoleArn = fuseRoleIn(ports.fuseRoleArn, event.account);",
        to: "const { fuseRoleArn } = ports;",
      },
    ],
    seed: 8,
    breaks: "changes-found",
  },
  {
    name: "does not wait for a call's own record",
    edits: [
      { file: EXPLAIN, from: 'if (now < until) return { outcome: "wait", until };', to: "" },
      {
        file: EXPLAIN,
        from: "  now: string,\n  times: EvidenceTimes,\n): Explanation {\n  const until = plusSeconds(event.eventTime, times.evidenceSettleSeconds);",
        to: "  _now: string,\n  times: EvidenceTimes,\n): Explanation {",
      },
    ],
    seed: 66,
    breaks: "changes-found",
  },
  {
    name: "deletes an event that must wait",
    edits: [
      {
        file: TAKE,
        from: "await run.delay(receiptHandle, Math.ceil(seconds));\n      return false;",
        to: "await run.delay(receiptHandle, Math.ceil(seconds));\n      return true;",
      },
    ],
    seed: 3,
    breaks: "changes-found",
  },
  {
    name: "ignores what a run intended",
    edits: [
      {
        file: EXPLAIN,
        from: "const intended = intendedBy(intents, event, used, times);",
        to: "const intended = intendedBy(intents.slice(0, 0), event, used, times);",
      },
    ],
    seed: 14,
    breaks: "no-false-finding",
  },
  {
    name: "ignores the ends of grants",
    edits: [
      {
        file: LENT,
        from: "return isOwnSession ? taken : [];",
        to: "return isOwnSession ? taken.slice(0, 0) : [];",
      },
    ],
    seed: 15,
    breaks: "no-false-finding",
  },
  {
    name: "knows no fuses",
    edits: [
      {
        file: ARMED_FUSES,
        from: 'grantEnds("expiresAt", grant, history).map(',
        to: 'grantEnds("expiresAt", grant, history).slice(0, 0).map(',
      },
    ],
    seed: 5,
    breaks: "no-false-finding",
  },
  {
    name: "believes a forged request id",
    edits: [
      {
        file: EXPLAIN,
        from: "if (differs.length > 0) return",
        to: "if (differs.length > 99) return",
      },
      {
        file: EXPLAIN,
        from: "differences(call, event).length === 0 && ownRole",
        to: "differences(call, event).length >= 0 && ownRole",
      },
    ],
    seed: 118,
    breaks: "confirmations-true",
  },
  {
    name: "takes a corrected record for another event",
    edits: [
      {
        file: TRAIL_EVENT,
        from: "addendum?.originalEventId ?? eventId;",
        to: 'addendum?.reason === "" ? "" : eventId;',
      },
    ],
    seed: 17,
    breaks: "recorded-once",
  },
  {
    name: "records what CloudTrail corrects as another finding",
    edits: [
      { file: KEYS, from: "      return details.findingId;", to: "      return hashOf(details);" },
    ],
    seed: 17,
    breaks: "recorded-once",
  },
  {
    name: "confirms a call once for each record of it",
    edits: [
      {
        file: KEYS,
        from: "return `${type} ${details.eksRequestId}`;",
        to: "return `${type} ${hashOf(details)}`;",
      },
    ],
    seed: 7,
    breaks: "recorded-once",
  },
  {
    name: "expects nobody",
    edits: [
      { file: EXPECTED, from: "caller.roleArn === principal ||", to: 'caller.roleArn === "" ||' },
    ],
    seed: 15,
    breaks: "no-false-finding",
  },
  {
    name: "expects everybody",
    edits: [{ file: EXPECTED, from: "caller.roleArn === principal ||", to: 'principal !== "" ||' }],
    seed: 3,
    breaks: "changes-found",
  },
  {
    name: "takes a removal before a grant begins for its own",
    edits: [
      {
        file: ARMED_FUSES,
        from: "return isWaiting ? null : ",
        to: "return isWaiting ? grant.createdAt : ",
      },
    ],
    scenario: "an intruder removes in the session of a grant that waits",
    breaks: "changes-found",
  },
  {
    name: "reports a removal that took nothing from a running grant",
    edits: [
      { file: LENT, from: "tookNothing(event) || scopeCovers", to: "scopeCovers" },
      // An element that the owner had too is also explained by that.
      {
        file: EXPLAIN,
        from: "const needless = carried.filter(",
        to: "const needless = carried.slice(0, 0).filter(",
      },
    ],
    scenario: "a removal took nothing from a running grant",
    breaks: "no-false-finding",
  },
  {
    name: "reports a removal of what a call set again for the owner",
    edits: [
      {
        file: EXPLAIN,
        from: "const needless = carried.filter(",
        to: "const needless = carried.slice(0, 0).filter(",
      },
    ],
    scenario: "a call set again what the owner deletes",
    breaks: "no-false-finding",
  },
  {
    name: "believes the end that a record was given later",
    edits: [
      {
        file: "shared/domain/evidence/calls/lent-access.ts",
        from: "const ends = [grant[kind], ...approved]",
        to: "const ends = [grant[kind], ...approved.slice(0, 0)]",
      },
    ],
    scenario: "a record is given a later end",
    breaks: "no-false-finding",
  },
];
