/** The facts that additions depend on, besides the entry. No removal needs them or waits for them. */
import { type Delegation, delegationOf } from "../../domain/delegations/delegation.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { askedOf } from "../../domain/policy/known-on-call.ts";
import { ruleNamed } from "../../domain/policy/policy-index.ts";
import { ticketKeyOf } from "../../domain/policy/ticket-of-request.ts";
import { MOST_EVENTS, type OnRecord, onRecord } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { readSchedules } from "../facts/read-schedules.ts";
import { readTickets } from "../facts/read-tickets.ts";
import { allDone } from "./all-done.ts";
import type { FactReadings } from "./facts-of-grants.ts";
import { lookUpSubject, type Subject } from "./look-up-subject.ts";
import type { PartOf, Pass } from "./pass.ts";
import { liveIn, type Snapshot } from "./snapshot.ts";

/** Delegations by id. A delegation without a whole chain is missing. */
type Delegations = ReadonlyMap<string, Delegation>;

/** The verdict of a grant's history on its record, by the grant's id; `noted` where people noted its end. */
export type Histories = ReadonlyMap<string, OnRecord | "noted">;

export interface LookUps {
  readonly subject: Subject;
  /** Undefined if they cannot be read now, so that no grant is judged by them. */
  readonly delegations: Delegations | undefined;
  /** Undefined if they cannot be read now, so that nothing is added. */
  readonly histories: Histories | undefined;
  /** The readings of other services, as far as beginning grants ask. */
  readonly readings: FactReadings;
}

/** Nothing was looked up, because an obstacle rules out any access. */
export const UNASKED: LookUps = {
  subject: { principal: { kind: "unavailable" }, cluster: { kind: "unasked" }, askedAt: "" },
  delegations: undefined,
  histories: undefined,
  readings: { schedules: undefined, tickets: undefined },
};

/** The questions besides the principal and the delegations. */
interface Asks {
  /** Whether EKS is asked about the cluster too. */
  readonly cluster: boolean;
  /** Whether the histories of the live grants are read. */
  readonly histories: boolean;
}

/** The part of a pass that looks things up. */
type Asker = PartOf<
  "entry" | "run" | "binding",
  "clock" | "delegations" | "requests" | "facts" | "policy"
>;

export async function lookUp(asker: Asker, known: Snapshot, asks: Asks): Promise<LookUps> {
  const live = liveIn(known);
  const [subject, delegations, histories, readings] = await allDone([
    lookUpSubject(asker, asks.cluster),
    lookUpDelegations(asker, live),
    asks.histories ? lookUpHistories(asker, live, known.ledger) : undefined,
    lookUpReadings(asker, live, known.ledger),
  ]);
  return { subject, delegations, histories, readings };
}

/**
 * Begins to look up the facts that additions depend on, while the entry is read. Only for a pass in which a grant
 * begins and nothing is over, so that no removal shares its calls with these.
 *
 * @returns undefined if no grant begins; nobody need wait for the rest
 */
export function lookUpEarly(
  asker: Asker & Pick<Pass, "circuit">,
  known: Snapshot,
): Promise<LookUps> | undefined {
  const isBeginning = known.entitlements.some(({ isLive, hasBegun }) => isLive && !hasBegun);
  // A cluster that did not answer is asked one question at a time.
  if (!isBeginning || asker.circuit.failures > 0) return undefined;
  const found = lookUp(asker, known, { cluster: true, histories: true });
  found.catch(() => undefined);
  return found;
}

/** The most delegations that are read. No rule asks for as many approvals. */
const MOST_READ = 100;

/** Reads the delegations that approvals of the live grants name, each from its own records. */
async function lookUpDelegations(
  { ports, run, binding }: Asker,
  live: readonly AccessRequest[],
): Promise<Delegations | undefined> {
  const named = live.flatMap(({ approvals }) =>
    approvals.flatMap(({ onBehalfOf }) => onBehalfOf?.delegation ?? []),
  );
  const ids = [...new Set(named)].slice(0, MOST_READ);
  try {
    const found = await Promise.all(
      ids.map(async (id) => delegationOf(id, await ports.delegations.records(id))),
    );
    return new Map(found.flatMap((each) => (each ? [[each.id, each] as const] : [])));
  } catch (error) {
    run.log("delegations not read", { binding, error: nameOf(error) });
    return undefined;
  }
}

/**
 * Reads what other services say where a grant begins whose rule asks. Nothing is read for any other. A failed read makes
 * facts unknown, only for those grants that ask for them.
 */
async function lookUpReadings(
  { ports, run, binding }: Asker,
  live: readonly AccessRequest[],
  { begun }: Ledger,
): Promise<FactReadings> {
  const { policy } = ports;
  const beginning = live.filter(({ id }) => !Object.hasOwn(begun, id));
  const rules = beginning.flatMap((grant) => ruleNamed(policy, grant.rule) ?? []);
  const keys = beginning.flatMap(
    (grant) => ticketKeyOf(policy, ruleNamed(policy, grant.rule), grant) ?? [],
  );
  const unlessFailed = <Found>(read: Promise<Found>) =>
    read.catch((error: unknown) => {
      run.log("facts not read", { binding, error: nameOf(error) });
      return undefined;
    });
  const [schedules, tickets] = await Promise.all([
    unlessFailed(readSchedules(ports, askedOf(rules))),
    unlessFailed(readTickets(ports, keys)),
  ]);
  return { schedules, tickets };
}

/** Reads the histories of the live grants. */
async function lookUpHistories(
  { ports, run, binding }: Asker,
  live: readonly AccessRequest[],
  { begun }: Ledger,
): Promise<Histories | undefined> {
  const judge = async (grant: AccessRequest) =>
    [grant.id, await judged(ports, grant, Object.hasOwn(begun, grant.id))] as const;
  try {
    return new Map(await Promise.all(live.map(judge)));
  } catch (error) {
    run.log("histories not read", { binding, error: nameOf(error) });
    return undefined;
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

/** An end that was noted counts whatever the history says. The pass knows those of grants that have begun. */
async function judged(
  { requests }: Pick<ConvergePorts, "requests">,
  grant: AccessRequest,
  hasBegun: boolean,
): Promise<OnRecord | "noted"> {
  const [isNoted, { items }] = await Promise.all([
    hasBegun ? false : requests.isEndNoted(grant.id, "grant"),
    grant.version > MOST_EVENTS
      ? { items: [] }
      : requests.historyPage(grant.id, { limit: MOST_EVENTS + 1 }),
  ]);
  return isNoted ? "noted" : onRecord(grant, items);
}
