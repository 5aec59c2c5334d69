/** Attacks on the evidence of CloudTrail and EKS: calls, their confirmations, findings, and readings of standing access. */
import type { correlateBroker } from "../../lab/fakes/correlate-broker.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { readListedEvent } from "../../shared/domain/evidence/trail/parse-trail-event.ts";
import type { TrailEvent } from "../../shared/domain/evidence/trail/trail-event.ts";
import type { World } from "./archive-days.ts";
import type { Attack } from "./attack.ts";
import { append, type Body, change, hide, recordsOf, rewrite, withDetails } from "./forgeries.ts";
import { FINDINGS, type Meddling, READINGS } from "./recorded-day.ts";

const ofGrant = ({ day }: World) => `EVID#${day.grant}`;
const FOUND = `FIND#${FINDINGS}`;
const LATER = "2026-11-25T15:00:00.000Z";
const LONG_BEFORE = "2026-11-19T10:00:00.000Z";

/** A change by others, as CloudTrail has it. */
function changeOf({ day }: World, eventId: string): TrailEvent {
  for (const record of day.trail) {
    const read = readListedEvent(JSON.stringify(record), new Set(["111122223333"]));
    if ("event" in read && read.event.eventId === eventId) return read.event;
  }
  throw new Error(`CloudTrail has no ${eventId}.`);
}

const evidence = (world: World, type: string, details: Body, at = world.now): Body => ({
  ...{ type, requestId: world.day.grant, at, details, schema: 1 },
});
const finding = (world: World, type: string, details: Body, at = world.now): Body => ({
  ...{ type, chain: FINDINGS, at, details, schema: 1 },
});

const confirmationOf = ({ eksRequestId, eventId, eventTime, sha256 }: TrailEvent) => ({
  ...{ eksRequestId, eventId, eventTime, sha256 },
});

/** A finding about an event that never was. */
function madeUpFinding(world: World, at = world.now): Body {
  const [first = {}] = recordsOf(world, FOUND);
  const details = first["details"] as Body & { readonly event: TrailEvent };
  const event = { ...details.event, eventId: "never", eksRequestId: "never", eventTime: at };
  return finding(
    world,
    "finding",
    { ...details, event, eventKey: "never", findingId: "f".repeat(32) },
    at,
  );
}

const reading = (world: World, at: string): Body => {
  const [first = {}] = recordsOf(world, READINGS);
  const details = { ...world.day.otherReading, startedAt: at, completedAt: at };
  return { ...withDetails(first, details), at };
};

/** Another list than a reading found, as its details name it. */
const otherList = ({ day: { otherReading } }: World): Body => {
  const { startedAt: _, completedAt: __, ...list } = otherReading;
  return list;
};

/** Correlate leaves out the second change by others. */
const LEFT_OUT: Meddling = {
  takes: (record) => (record as { readonly eventID: string }).eventID !== "change-2",
};

/** Calls, what waits for CloudTrail, and intents, as the fakes keep them. */
type Kept = readonly Map<string, unknown>[];
const keptBy = ({ evidence: { kept } }: ReturnType<typeof correlateBroker>): Kept => kept;

const forgets = (which: readonly number[]): Meddling => ({
  meddle: async (broker) => {
    for (const at of which) keptBy(broker)[at]?.clear();
    return [];
  },
});

const ATTACKS: readonly (Omit<Attack, "outside"> & Partial<Attack>)[] = [
  {
    deed: "add",
    what: "confirms a call by an event that never was",
    rights: ["put evidence"],
    forge: (world) =>
      append(
        world,
        ofGrant(world),
        evidence(world, "confirmed", {
          eksRequestId: "eks-x",
          eventId: "never",
          eventTime: world.now,
          sha256: "a".repeat(64),
        }),
      ),
  },
  {
    deed: "add",
    what: "makes up a finding",
    rights: ["put a finding"],
    forge: (world) => append(world, FOUND, madeUpFinding(world)),
  },
  {
    deed: "add",
    what: "makes up a reading of standing access",
    rights: ["put a reading"],
    outside: "EKS's own answers, and CloudTrail's own files",
    forge: (world) => append(world, READINGS, reading(world, world.now)),
  },
  {
    deed: "change",
    what: "exchanges the event that confirms a call",
    rights: ["put evidence"],
    forge: (world) =>
      change(world, ofGrant(world), 1, (body) =>
        withDetails(body, { eventTime: "2026-11-24T09:00:00.000Z" }),
      ),
  },
  {
    deed: "change",
    what: "has a finding name another caller",
    rights: ["put a finding"],
    forge: (world) =>
      change(world, FOUND, 2, (body) => {
        const { event } = body["details"] as { readonly event: TrailEvent };
        const caller = { ...event.caller, arn: "arn:aws:iam::111122223333:user/carol" };
        return withDetails(body, { event: { ...event, caller } });
      }),
  },
  {
    deed: "change",
    what: "exchanges what a reading found",
    rights: ["put a reading"],
    outside: "EKS's own answers, and CloudTrail's own files",
    forge: (world) => change(world, READINGS, 2, (body) => withDetails(body, otherList(world))),
  },
  {
    deed: "change",
    what: "changes stored calls before CloudTrail shows them",
    rights: ["put a call"],
    meddling: {
      meddle: async (broker) => {
        const [calls] = keptBy(broker);
        const principalArn = "arn:aws:iam::111122223333:role/people/bob";
        for (const [id, call] of calls ?? []) calls?.set(id, { ...(call as object), principalArn });
        return [];
      },
    },
  },
  {
    deed: "delete",
    what: "deletes confirmations",
    rights: ["delete evidence"],
    forge: (world) => rewrite(world, ofGrant(world), []),
  },
  {
    deed: "delete",
    what: "deletes findings",
    rights: ["delete a finding"],
    forge: (world) => rewrite(world, FOUND, []),
  },
  {
    deed: "delete",
    what: "deletes readings",
    rights: ["delete a reading"],
    outside: "EKS's own answers, and CloudTrail's own files",
    forge: (world) => rewrite(world, READINGS, []),
  },
  {
    deed: "delete",
    what: "deletes stored calls and intents",
    rights: ["delete a call", "delete an intent"],
    meddling: forgets([0, 1, 2]),
  },
  {
    deed: "reorder",
    what: "exchanges the events of two confirmations",
    rights: ["put evidence"],
    forge: (world) => {
      const [first = {}, second = {}, ...rest] = recordsOf(world, ofGrant(world));
      const details = [first["details"], second["details"]];
      const idOf = (body: unknown) => (body as { eksRequestId: string }).eksRequestId;
      rewrite(world, ofGrant(world), [
        withDetails(first, { ...(details[1] as Body), eksRequestId: idOf(details[0]) }),
        withDetails(second, { ...(details[0] as Body), eksRequestId: idOf(details[1]) }),
        ...rest,
      ]);
    },
  },
  {
    deed: "reorder",
    what: "exchanges two readings",
    rights: ["put a reading"],
    outside: "EKS's own answers, and CloudTrail's own files",
    forge: (world) => rewrite(world, READINGS, recordsOf(world, READINGS).toReversed()),
  },
  {
    deed: "back-date",
    what: "makes up a finding of five days ago",
    rights: ["put a finding"],
    forge: (world) => append(world, FOUND, madeUpFinding(world, LONG_BEFORE)),
  },
  {
    deed: "back-date",
    what: "confirms a call by an event of five days ago",
    rights: ["put evidence"],
    forge: (world) =>
      append(
        world,
        ofGrant(world),
        evidence(
          world,
          "confirmed",
          {
            eksRequestId: "eks-x",
            eventId: "never",
            eventTime: LONG_BEFORE,
            sha256: "a".repeat(64),
          },
          LONG_BEFORE,
        ),
      ),
  },
  {
    deed: "back-date",
    what: "dates a reading before the last one",
    rights: ["put a reading"],
    outside: "EKS's own answers, and CloudTrail's own files",
    forge: (world) => append(world, READINGS, reading(world, "2026-11-24T10:27:00.000Z")),
  },
  {
    deed: "forward-date",
    what: "makes up a finding of tomorrow",
    rights: ["put a finding"],
    forge: (world) => append(world, FOUND, madeUpFinding(world, LATER)),
  },
  {
    deed: "forward-date",
    what: "confirms a call by an event of tomorrow",
    rights: ["put evidence"],
    forge: (world) =>
      append(
        world,
        ofGrant(world),
        evidence(
          world,
          "confirmed",
          { eksRequestId: "eks-x", eventId: "never", eventTime: LATER, sha256: "a".repeat(64) },
          LATER,
        ),
      ),
  },
  {
    deed: "forward-date",
    what: "makes up a reading of tomorrow",
    rights: ["put a reading"],
    outside: "EKS's own answers, and CloudTrail's own files",
    forge: (world) => append(world, READINGS, reading(world, LATER)),
  },
  {
    deed: "suppress",
    what: "records no finding of a change by others",
    rights: ["be correlate"],
    meddling: LEFT_OUT,
  },
  {
    deed: "suppress",
    what: "takes a finding off the index",
    rights: ["put a finding"],
    forge: (world) =>
      hide(world, ({ chain, record }: ArchivedRecord) => chain === FOUND && record.seq === 2),
  },
  {
    deed: "suppress",
    what: "takes confirmations off the index",
    rights: ["put evidence"],
    forge: (world) => hide(world, ({ chain }) => chain === ofGrant(world)),
  },
  {
    deed: "suppress",
    what: "stores no call and no intent of what it added",
    rights: ["be converge"],
    meddling: forgets([0, 1, 2]),
  },
  {
    deed: "confirm",
    what: "confirms a change by others as a call of a grant",
    rights: ["be correlate", "put evidence"],
    meddling: LEFT_OUT,
    forge: (world) =>
      append(
        world,
        ofGrant(world),
        evidence(world, "confirmed", confirmationOf(changeOf(world, "change-2"))),
      ),
  },
  {
    deed: "confirm",
    what: "explains a change by others by an intent",
    rights: ["be correlate", "put evidence"],
    meddling: LEFT_OUT,
    forge: (world) =>
      append(
        world,
        ofGrant(world),
        evidence(world, "explained", {
          why: "intent",
          eventKey: "change-2",
          event: changeOf(world, "change-2"),
        }),
      ),
  },
  {
    deed: "confirm",
    what: "lists a change by others as expected of a principal of access.yaml",
    rights: ["be correlate", "put a finding"],
    meddling: LEFT_OUT,
    forge: (world) =>
      append(
        world,
        FOUND,
        finding(world, "expected", {
          eventKey: "change-2",
          principal: "arn:aws:iam::111122223333:role/terraform",
          reason: "CI",
          event: changeOf(world, "change-2"),
        }),
      ),
  },
  {
    deed: "confirm",
    what: "confirms a call of a grant by an event that is none of it",
    rights: ["put evidence"],
    forge: (world) =>
      append(
        world,
        ofGrant(world),
        evidence(world, "confirmed", {
          ...confirmationOf(changeOf(world, "change-2")),
          eksRequestId: "eks-x",
        }),
      ),
  },
  {
    deed: "un-find",
    what: "acknowledges a finding in the auditor's name",
    rights: ["put a finding"],
    forge: (world) => {
      const [, second = {}] = recordsOf(world, FOUND);
      const { findingId } = second["details"] as {
        readonly findingId: string;
      };
      const proof = { gatewayRequestId: "gw-invented=", callerId: "AROADAVE:dave" };
      append(
        world,
        FOUND,
        finding(world, "acknowledgement", { findingId, actor: "dave", note: "x", proof }),
      );
    },
  },
  {
    deed: "un-find",
    what: "takes a finding from the list of open ones",
    rights: ["delete a place of open findings"],
  },
  {
    deed: "un-find",
    what: "fills the notice of a finding, so that nobody gets a message",
    rights: ["update the notice of a finding"],
  },
  {
    deed: "un-find",
    what: "puts an expected change over a finding",
    rights: ["put a finding"],
    forge: (world) =>
      change(world, FOUND, 2, ({ at }) =>
        finding(
          world,
          "expected",
          {
            eventKey: "change-2",
            principal: "arn:aws:iam::111122223333:role/terraform",
            reason: "CI",
            event: changeOf(world, "change-2"),
          },
          String(at),
        ),
      ),
  },
];

export const EVIDENCE_ATTACKS: readonly Attack[] = ATTACKS.map((attack) => ({
  outside: "CloudTrail's own files",
  ...attack,
}));
