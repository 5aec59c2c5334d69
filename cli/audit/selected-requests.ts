/** The requests of an export that is asked of one cluster or one person only. */
import { type AuditEvent, behalfIn } from "../../shared/domain/requests/audit-event.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Api } from "../api/api-client.ts";
import { clustersOf } from "../api/clusters.ts";
import { Failure } from "../failures/failure.ts";
import { exportPages } from "./export-events.ts";

/** By names as access.yaml has them. With both, a request must have both. */
export interface ExportFilter {
  /** Only requests on this cluster. */
  readonly cluster?: string;
  /** Only requests of this person, or on which they did something. */
  readonly person?: string;
}

export interface SelectedRequests {
  /** Their ids. */
  readonly requests: ReadonlySet<string>;
  /** Up to when they were looked for: a request that somebody joins later is not among them. */
  readonly to: string;
}

export const filterOf = ({ cluster, person }: ExportFilter): ExportFilter => ({
  ...(cluster === undefined ? {} : { cluster }),
  ...(person === undefined ? {} : { person }),
});

interface Wanted extends ExportFilter {
  readonly from: string;
  readonly to: string;
}

/**
 * The requests that an export is asked of; undefined for all.
 *
 * Reads all events of the time, since people may join a request with its last event. It keeps names
 * and ids.
 *
 * @param done an interrupted export: up to when it is complete, so that the same requests are found again
 * @throws Failure `unknown-cluster` or `unknown-person` for a name that stands neither in these events nor
 *   in access.yaml: an empty export would look like evidence
 */
export async function selectedRequests(
  api: Api,
  { from, cluster, person, ...wanted }: Wanted,
  done?: Pick<Wanted, "to">,
): Promise<SelectedRequests | undefined> {
  if (cluster === undefined && person === undefined) return undefined;
  let to = done?.to ?? wanted.to;
  const clusters = new Map<string, string>();
  const people = new Map<string, Set<string>>();
  for await (const page of exportPages(api, { from, to, known: new Set() })) {
    for (const event of page.events) {
      const { requestId } = event;
      if (event.type === "request") clusters.set(requestId, event.details.cluster.name);
      people.set(requestId, new Set([...(people.get(requestId) ?? []), ...peopleIn(event)]));
    }
    to = page.to;
  }
  if (cluster !== undefined) await demandCluster(api, cluster, new Set(clusters.values()));
  if (person !== undefined && ![...people.values()].some((names) => names.has(person)))
    await demandPerson(api, person);
  const ids = [...people.keys()].filter(
    (id) =>
      (cluster === undefined || clusters.get(id) === cluster) &&
      (person === undefined || people.get(id)?.has(person)),
  );
  return { requests: new Set(ids), to };
}

/** Everybody who asked, decided, was decided for, or did or tried something else. */
function peopleIn(event: AuditEvent): ReadonlySet<string> {
  const { actor, details } = event;
  const isPerson = actor !== "timelatch" && !actor.startsWith("policy:");
  const delegator = behalfIn(event)?.person;
  return new Set([
    ...(isPerson ? [actor] : []),
    ...("requester" in details ? [details.requester] : []),
    ...("person" in details ? [details.person] : []),
    ...(delegator === undefined ? [] : [delegator]),
  ]);
}

/** @param seen names of clusters in the events of the time, also of some that access.yaml has no more */
async function demandCluster(api: Api, name: string, seen: ReadonlySet<string>): Promise<void> {
  if (seen.has(name)) return;
  const known = new Set([...seen, ...(await clustersOf(api)).map((one) => one.name)]);
  if (known.has(name)) return;
  const names = [...known].sort().map(visible);
  throw new Failure("usage", "unknown-cluster", {
    what: `No cluster ${visible(name)} is in access.yaml or in a request of this time.`,
    notDone: "Nothing was exported.",
    next: [`Next: name one of ${names.join(", ") || "none: there is no cluster"}.`],
  });
}

async function demandPerson(api: Api, name: string): Promise<void> {
  try {
    await api.send({ method: "GET", path: `/v1/people/${encodeURIComponent(name)}/access` });
  } catch (error) {
    if (!(error instanceof Failure && error.exit === "notFound")) throw error;
    throw new Failure(
      "usage",
      "unknown-person",
      {
        what: `Nobody called ${visible(name)} is in access.yaml or in a request of this time.`,
        notDone: "Nothing was exported.",
        next: ["Next: give the name as access.yaml has it, or as the events of another time do."],
      },
      { cause: error },
    );
  }
}
