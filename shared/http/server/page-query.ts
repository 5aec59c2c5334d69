import { isIdPrefix, SHORTEST_PREFIX } from "../../domain/requests/id-prefix.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { readInstant } from "../contract/instant-text.ts";
import {
  FINDING_VIEWS,
  type FindingView,
  GRANT_VIEWS,
  type GrantView,
  VIEWS,
  type View,
} from "../contract/routes.ts";

/** The parameters of a query string. */
export type Query = Readonly<Record<string, string | undefined>>;

const LARGEST_PAGE = 100;

/** Refuses query parameters that the route does not take. @throws BrokerError `invalid-request` */
export function checkQuery(query: Query, known: readonly string[]): void {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BrokerError(
      "invalid-request",
      `Unknown query parameter: ${unknown.join(", ")}. Nothing was done; leave it out.`,
      {
        known,
      },
    );
}

/** `?limit=`: 1 to 100, default 100. @throws BrokerError `invalid-request` */
export function limitOf({ limit }: Query): number {
  const count = limit === undefined ? LARGEST_PAGE : /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > LARGEST_PAGE)
    throw new BrokerError(
      "invalid-request",
      `limit must be a whole number from 1 to ${LARGEST_PAGE}. Nothing was read; correct it, or leave it out.`,
    );
  return count;
}

/** `?view=`: whose requests, default the caller's own. @throws BrokerError `invalid-request` */
export function viewOf({ view = "mine" }: Query): View {
  const known = VIEWS.find((name) => name === view);
  if (known) return known;
  throw new BrokerError(
    "invalid-request",
    "view must be mine, to-approve or to-review. Nothing was read; name one of them.",
  );
}

/**
 * `?idPrefix=`: the beginning of an id, which excludes `view`. Undefined without it.
 * @throws BrokerError `invalid-request`
 */
export function idPrefixOf({ idPrefix, view }: Query): string | undefined {
  if (idPrefix === undefined) return undefined;
  if (view !== undefined)
    throw new BrokerError(
      "invalid-request",
      "idPrefix and view exclude each other. Nothing was read; leave one of them out.",
    );
  if (isIdPrefix(idPrefix)) return idPrefix;
  throw new BrokerError(
    "invalid-request",
    `idPrefix must be the first ${SHORTEST_PREFIX} or more characters of a request's id. Nothing was read; write more of it.`,
  );
}

/** `?view=` of findings, default `open`. @throws BrokerError `invalid-request` */
export function findingViewOf({ view = "open" }: Query): FindingView {
  const known = FINDING_VIEWS.find((name) => name === view);
  if (known) return known;
  throw new BrokerError(
    "invalid-request",
    "view must be open or all. Nothing was read; name one of them.",
  );
}

/** The parameters that only `?view=all` of grants takes. */
const ONLY_ALL_GRANTS = ["cluster", "from", "to"] as const;

/** `?view=` of grants, default `open`. @throws BrokerError `invalid-request` */
export function grantViewOf(query: Query): GrantView {
  const { view = "open" } = query;
  const known = GRANT_VIEWS.find((name) => name === view);
  if (!known)
    throw new BrokerError(
      "invalid-request",
      "view must be open or all. Nothing was read; name one of them.",
    );
  const surplus = ONLY_ALL_GRANTS.filter((name) => query[name] !== undefined);
  if (known === "open" && surplus.length > 0)
    throw new BrokerError(
      "invalid-request",
      `${surplus.join(", ")} belongs to view=all. Nothing was read; add it, or leave them out.`,
    );
  return known;
}

/** `?cluster=`, which may not be left out. @throws BrokerError `invalid-request` */
export function clusterOfQuery({ cluster = "" }: Query): string {
  if (cluster !== "") return cluster;
  throw new BrokerError(
    "invalid-request",
    "cluster must be a name of access.yaml. Nothing was read; name the cluster.",
  );
}

/** As {@link instantOf}; undefined where the query leaves it out. */
export const maybeInstantOf = (query: Query, name: string): string | undefined =>
  query[name] === undefined ? undefined : instantOf(query, name);

/** An instant in the query. @throws BrokerError `invalid-request` */
export function instantOf(query: Query, name: string): string {
  const instant = readInstant(query[name] ?? "", true);
  if (instant === undefined)
    throw new BrokerError(
      "invalid-request",
      `${name} must be a date or an instant in UTC. Nothing was read; write it as 2026-11-24 or 2026-11-24T10:00:00Z.`,
    );
  return instant;
}
