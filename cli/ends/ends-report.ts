/** How everything stands after the ends of one person's requests. */
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { Api } from "../api/api-client.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { Failure, failureDocument } from "../failures/failure.ts";
import type { RefusedEnd } from "./ending.ts";
import type { EndPlan } from "./plan-ends.ts";

/** The document under `--json`. */
export interface EndsReport {
  readonly person: string;
  /** Null for every cluster. */
  readonly cluster: string | null;
  /** They are over, and a read has proven it where access may have been there. */
  readonly ended: readonly (RequestSummary | RequestAnswer)[];
  /** Their ends are stored, and no read has proven them yet. */
  readonly notProven: readonly (RequestSummary | RequestAnswer)[];
  /** The API refused to end them. */
  readonly notEnded: readonly (RequestSummary & { readonly problem: unknown })[];
  /** They wait for a decision, and are not the caller's to end. */
  readonly pending: readonly RequestSummary[];
  /**
   * The person's access: on each cluster of the ends, or by grants on all if no cluster was named.
   */
  readonly remaining: readonly PersonAccessAnswer[];
  /** Clusters on which that could not be read, and why; null for all of them. */
  readonly notRead: readonly { readonly cluster: string | null; readonly problem: unknown }[];
  /** Whether something remains, or is not known. */
  readonly remains: boolean;
}

/** The person's access now, by place. */
export interface Rest {
  readonly place: string | undefined;
  readonly access: PersonAccessAnswer | Failure;
}

/** The clusters of the plan, each with its standing access, and all of them where none is named. */
export function placesOf({
  cluster,
  ends,
  underway,
  pending,
}: EndPlan): readonly (string | undefined)[] {
  if (cluster !== undefined) return [cluster];
  const requests = [...ends.map(({ request }) => request), ...underway, ...pending];
  return [...new Set(requests.map((each) => each.cluster)).values(), undefined];
}

/** A failed read is no failure of the ends, which are stored by then. */
export const readRest = (
  api: Api,
  { person }: EndPlan,
  places: readonly (string | undefined)[],
): Promise<readonly Rest[]> =>
  Promise.all(
    places.map(async (place) => ({
      place,
      access: await readPersonAccess(api, person, place).catch(ofThis),
    })),
  );

function ofThis(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

export function reportOf(
  { person, cluster, pending }: EndPlan,
  seen: Iterable<RequestSummary | RequestAnswer>,
  refused: readonly RefusedEnd[],
  rest: readonly Rest[],
): EndsReport {
  const all = [...seen];
  const notProven = all.filter(({ state }) => !isFinal(state));
  const remaining = rest.flatMap(({ access }) => (access instanceof Failure ? [] : access));
  const isClear =
    notProven.length === 0 && refused.length === 0 && rest.every((each) => isNothing(each));
  return {
    person,
    cluster: cluster ?? null,
    ended: all.filter(({ state }) => isFinal(state)),
    notProven,
    notEnded: refused.map(({ end: { request }, failure }) => ({
      ...request,
      problem: failureDocument(failure),
    })),
    pending,
    remaining,
    notRead: rest.flatMap(({ place, access }) =>
      access instanceof Failure
        ? [{ cluster: place ?? null, problem: failureDocument(access) }]
        : [],
    ),
    remains: !isClear,
  };
}

/** Standing access is known on a named cluster only. */
const isNothing = ({ place, access }: Rest): boolean =>
  !(access instanceof Failure) &&
  access.access.length === 0 &&
  access.unread.length === 0 &&
  (place === undefined || access.standingAsOf !== null);
