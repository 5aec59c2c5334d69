/** For each read of a store, a write that it must show, or may miss. */
import { expect } from "vitest";
import { ALICE, aFirstStep, anApproval, aStep, PROD, T0 } from "../../lab/fakes/builders.ts";
import { collected } from "../../lab/fakes/collected.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { afterFailure, CLOSED } from "../../shared/domain/clusters/circuit.ts";
import { delegationOf } from "../../shared/domain/delegations/delegation.ts";
import { endRecord, madeRecord } from "../../shared/domain/delegations/delegation-record.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { openLedger } from "../../shared/domain/entries/ledger.ts";
import { eventFindingId } from "../../shared/domain/evidence/findings/finding-record.ts";
import { beginPass, noRecord } from "../../shared/domain/standing/standing-record.ts";
import { NO_STOPS } from "../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { aFinding, CHAIN, seen } from "../shared/domain/evidence/finding-drafts.ts";
import { aCall, anEvent, confirmation, GRANT, SESSION } from "../shared/domain/evidence/samples.ts";
import { standing } from "../shared/domain/standing/samples.ts";
import type { AllStores } from "./read-promises.ts";
import { aStop } from "./stop-store.contract.ts";

export interface ReadCase {
  /** As `store.method`. */
  readonly read: string;
  /** Writes before that, where a read may not lag. */
  readonly given?: (stores: AllStores) => Promise<unknown>;
  readonly write: (stores: AllStores) => Promise<unknown>;
  readonly see: (stores: AllStores) => Promise<unknown>;
}

const BINDING = bindingKey(PROD.arn, ALICE);
const ID = countedId(1);
const LATER = "2026-11-30T00:00:00.000Z";
const DAY = "2026-11-24";
const PAGE = { limit: 10 };
/** Before all of these cases, and after them. */
const [FROM, TO] = ["2026-11-23T00:00:00.000Z", LATER] as const;

const first = aFirstStep({ id: ID });
const approval = anApproval(first.request);
const ask = ({ requests }: AllStores) => requests.create([first]);
const askApproved = ({ requests }: AllStores) => requests.create([first, approval]);
const approve = ({ requests }: AllStores) => requests.save(approval);
const extension = aFirstStep({ id: countedId(2), extends: ID, until: LATER });
const glass = aFirstStep({ id: countedId(3), breakGlass: true, requirements: [] });
const review = { by: ["platform"], dueAt: LATER };
const opening = aStep(glass.request, {
  type: "approve",
  details: { review },
  changes: { review: { ...review, closed: null } },
});

const REQUESTS: readonly ReadCase[] = [
  { read: "requests.load", given: ask, write: approve, see: (s) => s.requests.load(ID) },
  {
    read: "requests.isAt",
    given: ask,
    write: approve,
    see: (s) => s.requests.isAt(approval.request),
  },
  { read: "requests.history", write: ask, see: (s) => s.requests.history(ID) },
  { read: "requests.historyPage", write: ask, see: (s) => s.requests.historyPage(ID, PAGE) },
  {
    read: "requests.idempotent",
    write: ({ requests }) =>
      requests.create([first], { idempotency: { keyHash: "key", bodyHash: "body" } }),
    see: (s) => s.requests.idempotent("key"),
  },
  {
    read: "requests.pendingExtension",
    given: ask,
    write: (s) => s.requests.create([extension]),
    see: (s) => s.requests.pendingExtension(ID),
  },
  {
    read: "requests.isEndNoted",
    given: ask,
    write: (s) => s.requests.noteEnd(ID, { actor: "alice", at: T0, verb: "return" }),
    see: (s) => s.requests.isEndNoted(ID, "grant"),
  },
  { read: "requests.openOn", given: ask, write: approve, see: (s) => s.requests.openOn(BINDING) },
  { read: "requests.requestedBy", write: ask, see: (s) => s.requests.requestedBy("alice", PAGE) },
  {
    read: "requests.awaiting",
    write: ask,
    see: (s) => s.requests.awaiting(["payments-leads"], PAGE),
  },
  { read: "requests.grants", write: askApproved, see: (s) => s.requests.grants(PAGE) },
  {
    read: "requests.lentOn",
    write: askApproved,
    see: (s) => s.requests.lentOn(PROD.arn, { from: FROM, to: TO }, PAGE),
  },
  {
    read: "requests.lentSince",
    write: askApproved,
    see: (s) => s.requests.lentSince(PROD.arn),
  },
  {
    read: "requests.openReviews",
    write: (s) => s.requests.create([glass, opening]),
    see: (s) => s.requests.openReviews(PAGE),
  },
  {
    read: "requests.beginningWith",
    write: ask,
    see: (s) => s.requests.beginningWith(ID.slice(0, 9), PAGE),
  },
  {
    read: "requests.auditBetween",
    write: ask,
    see: (s) => s.requests.auditBetween(FROM, TO, PAGE),
  },
  { read: "records.find", write: ask, see: (s) => s.records.find(`AUDIT#${ID}`, 1) },
  {
    read: "records.ofHour",
    write: ask,
    see: (s) => collected(s.records.ofHour(T0.slice(0, "2026-11-24T10".length))),
  },
];

const ledger = openLedger({ binding: BINDING, clusterArn: PROD.arn, principalArn: ALICE });
const facts = { clusterArn: PROD.arn, description: null, checkedAt: T0 };

const CONVERGE: readonly ReadCase[] = [
  { read: "bindings.view", given: ask, write: approve, see: (s) => s.bindings.view(BINDING) },
  {
    read: "bindings.named",
    given: ask,
    write: approve,
    see: (s) => s.bindings.named(BINDING, [ID]),
  },
  { read: "bindings.due", write: askApproved, see: (s) => s.bindings.due(LATER, 10, []) },
  {
    read: "ledgers.load",
    write: (s) => s.ledgers.save(ledger),
    see: (s) => s.ledgers.load(BINDING),
  },
  {
    read: "circuits.load",
    write: (s) => s.circuits.save(PROD.arn, afterFailure(CLOSED, T0)),
    see: (s) => s.circuits.load(PROD.arn),
  },
  { read: "facts.load", write: (s) => s.facts.save(facts), see: (s) => s.facts.load(PROD.arn) },
  {
    read: "stops.latest",
    write: (s) => s.stops.append(() => aStop()),
    see: (s) => s.stops.latest(),
  },
  {
    read: "stops.since",
    write: (s) => s.stops.append(() => aStop()),
    see: (s) => s.stops.since(0),
  },
  {
    read: "stopCopy.load",
    write: (s) => s.stopCopy.keep({ ...NO_STOPS, seq: 1 }, NO_STOPS),
    see: (s) => s.stopCopy.load(),
  },
  { read: "notices.load", write: ask, see: (s) => s.notices.load(ID) },
  { read: "notices.due", write: ask, see: (s) => s.notices.due(LATER, 10) },
];

const intent = {
  sessionName: SESSION,
  clusterArn: PROD.arn,
  principalArn: ALICE,
  calls: [],
  owners: {},
  from: T0,
  until: plusSeconds(T0, 60),
};
const found = (stores: AllStores) => stores.evidence.appendFinding(aFinding("one", T0, [GRANT]));
const findingId = eventFindingId("one");

const EVIDENCE: readonly ReadCase[] = [
  {
    read: "evidence.call",
    write: (s) => s.evidence.putCall(aCall()),
    see: (s) => s.evidence.call(aCall().eksRequestId),
  },
  {
    read: "evidence.callsFor",
    write: (s) => s.evidence.putCall(aCall()),
    see: (s) => s.evidence.callsFor(GRANT),
  },
  {
    read: "evidence.unconfirmed",
    write: (s) => s.evidence.putCall(aCall()),
    see: (s) => s.evidence.unconfirmed(LATER, 10),
  },
  {
    read: "evidence.intents",
    write: (s) => s.evidence.putIntent(intent),
    see: (s) => s.evidence.intents(BINDING, LATER, 10),
  },
  {
    read: "evidence.evidenceOf",
    write: (s) => s.evidence.appendEvidence(confirmation(GRANT)),
    see: (s) => s.evidence.evidenceOf(GRANT),
  },
  { read: "evidence.finding", write: found, see: (s) => s.evidence.finding(findingId) },
  {
    read: "evidence.acknowledgements",
    given: found,
    write: (s) => s.evidence.appendFinding(seen("one")),
    see: (s) => s.evidence.acknowledgements(findingId),
  },
  { read: "evidence.findingsAbout", write: found, see: (s) => s.evidence.findingsAbout(GRANT, []) },
  {
    read: "evidence.latestFindings",
    write: found,
    see: (s) => s.evidence.latestFindings(CHAIN, 1),
  },
  { read: "evidence.findingsIn", write: found, see: (s) => s.evidence.findingsIn(CHAIN) },
  { read: "evidence.openFindings", write: found, see: (s) => s.evidence.openFindings({}, PAGE) },
  {
    read: "evidence.recordsBetween",
    write: found,
    see: (s) => s.evidence.recordsBetween(FROM, TO, PAGE),
  },
];

const PROOF = { surface: "api", proof: { callerId: "AROA" } } as const;
const about = { delegationId: ID, policyHash: "a".repeat(64) };
const made = madeRecord(
  { ...about, actor: "bob", at: T0 },
  { to: "erin", from: T0, until: plusSeconds(T0, 3_600), ...PROOF },
);
const delegate = ({ delegations }: AllStores) => delegations.create(made, { after: 0 });
const end = async ({ delegations }: AllStores) => {
  const delegation = delegationOf(ID, [made]);
  if (!delegation) throw new Error("It is no delegation.");
  const at = plusSeconds(T0, 60);
  await delegations.end(delegation, endRecord({ ...about, actor: "carol", at }, PROOF, made));
};
const entry = standing({ targets: { view: ["cluster"] } }, [], ALICE);

const OTHERS: readonly ReadCase[] = [
  { read: "delegations.made", write: delegate, see: (s) => s.delegations.made() },
  { read: "delegations.records", write: delegate, see: (s) => s.delegations.records(ID) },
  { read: "delegations.givenTo", write: delegate, see: (s) => s.delegations.givenTo("erin", T0) },
  { read: "delegations.givenBy", write: delegate, see: (s) => s.delegations.givenBy("bob", T0) },
  {
    read: "delegations.lately",
    given: delegate,
    write: end,
    see: (s) => s.delegations.lately("erin", FROM, plusSeconds(T0, 90)),
  },
  {
    read: "delegations.idempotent",
    write: ({ delegations }) =>
      delegations.create(made, { after: 0, idempotency: { keyHash: "key", bodyHash: "body" } }),
    see: (s) => s.delegations.idempotent("key"),
  },
  { read: "delegations.listed", write: delegate, see: (s) => s.delegations.listed(T0, PAGE) },
  {
    read: "standing.load",
    write: (s) => s.standing.save(beginPass(noRecord(PROD.arn, T0), ID, T0)),
    see: (s) => s.standing.load(PROD.arn),
  },
  {
    read: "standing.entries",
    write: async (s) => entry && (await s.standing.put(PROD.arn, ID, entry)),
    see: (s) => s.standing.entries(PROD.arn, ID, PAGE),
  },
  {
    read: "standing.all",
    write: async (s) => entry && (await s.standing.put(PROD.arn, ID, entry)),
    see: (s) => collected(s.standing.all(PROD.arn, ID)),
  },
  {
    read: "standing.entryOf",
    write: async (s) => entry && (await s.standing.put(PROD.arn, ID, entry)),
    see: (s) => s.standing.entryOf(PROD.arn, ID, ALICE),
  },
  {
    read: "cursorKeys.findKey",
    write: (s) => s.cursorKeys.keyFor(DAY),
    see: async (s) => (await s.cursorKeys.findKey(DAY))?.length,
  },
];

export const READ_CASES: readonly ReadCase[] = [...REQUESTS, ...CONVERGE, ...EVIDENCE, ...OTHERS];

/** A read that a write depends on. */
interface WriteCase {
  /** As `store.method`. */
  readonly write: string;
  readonly happens: (stores: AllStores) => Promise<void>;
}

const explained = (requestId: string) =>
  ({
    type: "explained",
    requestId,
    at: T0,
    details: { why: "removal", eventKey: "event-1", event: anEvent() },
  }) as const;

export const WRITE_CASES: readonly WriteCase[] = [
  {
    write: "evidence.appendFinding",
    async happens({ evidence }) {
      for (const key of ["one", "two", "three"])
        expect(await evidence.appendFinding(aFinding(key))).toBe(true);
    },
  },
  {
    write: "evidence.appendEvidence",
    async happens({ evidence }) {
      for (const requestId of [GRANT, "another"])
        expect(await evidence.appendEvidence(explained(requestId))).toBe(true);
      expect(await evidence.appendEvidence(confirmation(GRANT))).toBe(true);
    },
  },
  {
    write: "stops.append",
    async happens({ stops }) {
      await stops.append(() => aStop());
      let seq = 0;
      await stops.append((before) => {
        seq = before.seq;
        return aStop({ person: "bob" });
      });
      expect(seq).toBe(1);
    },
  },
];
