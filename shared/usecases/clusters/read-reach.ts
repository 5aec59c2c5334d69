/** Everyone who could reach a cluster at an instant, as far as anybody knows. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import { type GrantThen, grantThen } from "../../domain/requests/grant-then.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import { MOST_EVENTS } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { StandingEntry } from "../../domain/standing/standing-entry.ts";
import { standingThen } from "../../domain/standing/standing-then.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";
import { type KnownFinding, listFindingsAround } from "../evidence/list-findings.ts";
import { type ChangedThen, withChanges } from "./changed-since.ts";
import { longestLent } from "./list-lent.ts";
import { type KnownCluster, knownClusterNamed, readAgain } from "./read-clusters.ts";

export type ReachPorts = Pick<
  ApiPorts,
  "requests" | "evidence" | "standing" | "clusters" | "policy" | "clock" | "settings"
>;

/** A page of what reached a cluster at an instant. Each page is of one part. */
export interface ReachPage extends Page<never> {
  readonly cluster: KnownCluster;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The list of grants has each that was approved from then on; null before the first one. */
  readonly since: string | null;
  /** Grants that began earlier are listed only while they are still open. */
  readonly startedFrom: string;
  readonly standing: ChangedThen;
  readonly grants: readonly GrantThen[];
  readonly findings: readonly KnownFinding[];
  readonly entries: readonly StandingEntry[];
  /** Entries of the list of grants without a sound record. */
  readonly leftOut: number;
}

/** The parts of the answer, in the order of its pages. */
const PARTS = ["open", "lent", "findings", "standing"] as const;

type Part = (typeof PARTS)[number];
type Found = Pick<ReachPage, "grants" | "findings" | "entries" | "leftOut" | "next">;
type About = Pick<ReachPage, "cluster" | "at" | "startedFrom" | "standing">;

/**
 * Grants are judged by their audit events, and not by their records. Standing access is that of the last complete
 * reading before the instant.
 *
 * @param asked an instant, ISO 8601 UTC; without it, now
 * @throws BrokerError `forbidden`, `cluster-not-found`, `invalid-request` for an instant to come, `invalid-cursor`
 */
export async function readReach(
  ports: ReachPorts,
  actor: Actor,
  name: string,
  asked: string | undefined,
  { limit, after }: PageQuery,
): Promise<ReachPage> {
  const cluster = await knownClusterNamed(ports, actor, name);
  const now = ports.clock.now();
  const place = after === undefined ? undefined : placeIn(after);
  const at = place?.at ?? asked ?? now;
  if (at > now) throw toCome();
  const startedFrom = plusSeconds(at, -longestLent(ports.policy));
  const then = standingThen(cluster.record, at, now);
  // The two readings stay as they are, so the first page is enough.
  const standing =
    place === undefined
      ? await withChanges(ports, cluster.arn, then, at)
      : { ...then, changed: [] };
  const about = { cluster, at, startedFrom, standing };
  const passId = standing.pass?.passId ?? NO_PASS;
  // No list mixes two readings.
  if (place && place.passId !== passId) throw readAgain();
  const part = place?.part ?? "open";
  const [found, since] = await Promise.all([
    READ[part](ports, actor, about, { limit, ...(place?.rest ? { after: place.rest } : {}) }),
    ports.requests.lentSince(cluster.arn),
  ]);
  const { next, ...rest } = found;
  const following = next === undefined ? PARTS[PARTS.indexOf(part) + 1] : part;
  return {
    ...about,
    since: since ?? null,
    items: [],
    ...rest,
    ...(following ? { next: `${at} ${passId} ${following} ${next ?? ""}` } : {}),
  };
}

const NO_PASS = "-";

/** A cursor is sealed, so nobody else wrote it. */
function placeIn(after: string) {
  const [at = "", passId = "", part, ...rest] = after.split(" ");
  return { at, passId, part: PARTS.find((one) => one === part) ?? "open", rest: rest.join(" ") };
}

const NOTHING = { grants: [], findings: [], entries: [], leftOut: 0 } as const;

const READ: Readonly<
  Record<Part, (ports: ReachPorts, actor: Actor, about: About, page: PageQuery) => Promise<Found>>
> = {
  /** Grants whose end is late may be older than any policy lends for. */
  open: async (ports, _actor, about, page) => {
    const { cluster, startedFrom } = about;
    const isOld = (grant: AccessRequest) =>
      grant.cluster.arn === cluster.arn && (startOf(grant) ?? startedFrom) < startedFrom;
    return await judged(ports, about, await ports.requests.grants(page, isOld));
  },
  lent: async (ports, _actor, about, page) => {
    const { cluster, at, startedFrom } = about;
    // Its end is not included.
    const started = { from: startedFrom, to: plusSeconds(at, 0.001) };
    return await judged(ports, about, await ports.requests.lentOn(cluster.arn, started, page));
  },
  findings: async (ports, actor, { cluster, at }, page) => {
    const { items, next } = await listFindingsAround(ports, actor, cluster.arn, at, page);
    return { ...NOTHING, findings: items, ...(next === undefined ? {} : { next }) };
  },
  standing: async ({ standing }, _actor, { cluster, standing: { pass } }, page) => {
    if (!pass) return NOTHING;
    const { items, next } = await standing.entries(cluster.arn, pass.passId, page);
    return { ...NOTHING, entries: items, ...(next === undefined ? {} : { next }) };
  },
};

/** How many histories are read at once. */
const READS_AT_ONCE = 10;

async function judged(
  { requests }: Pick<ReachPorts, "requests">,
  { at }: Pick<About, "at">,
  { items, next, leftOut = 0 }: Page<AccessRequest> & { readonly leftOut?: number },
): Promise<Found> {
  const grants: GrantThen[] = [];
  for (let done = 0; done < items.length; done += READS_AT_ONCE) {
    const those = items.slice(done, done + READS_AT_ONCE);
    const histories = await Promise.all(those.map(({ id }) => historyOf(requests, id)));
    grants.push(
      ...those.flatMap((record, place) => grantThen(record, histories[place] ?? [], at) ?? []),
    );
  }
  return { ...NOTHING, grants, leftOut, ...(next === undefined ? {} : { next }) };
}

/** A history that goes on ends in an item that is no event, so that nobody takes it for whole. */
async function historyOf(
  requests: ReachPorts["requests"],
  id: string,
): Promise<readonly AuditEvent[]> {
  const { items, next } = await requests.historyPage(id, { limit: MOST_EVENTS });
  return next === undefined ? items : [...items, {} as AuditEvent];
}

const toCome = () =>
  new BrokerError(
    "invalid-request",
    "at is an instant to come, and nobody knows who will have access then. Nothing was read; name one of the past, or leave it out for now.",
  );
