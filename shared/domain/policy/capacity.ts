/**
 * How many grants a person may have in one binding. A removal takes longer with more grants, so
 * their number is limited. Some places are reserved for emergencies.
 */

import type { AccessRequest, State } from "../requests/request.ts";
import type { Settings } from "../settings.ts";
import { BrokerError } from "../values/errors.ts";
import { andAsks } from "./asked-together.ts";

/** The number of a person's grants in one binding. */
export interface GrantCounts {
  /** In `approved` or `active`. */
  readonly open: number;
  /** In `ending`. */
  readonly ending: number;
}

const NONE: GrantCounts = { open: 0, ending: 0 };
const COUNTED: Readonly<Partial<Record<State, GrantCounts>>> = {
  approved: { open: 1, ending: 0 },
  active: { open: 1, ending: 0 },
  ending: { open: 0, ending: 1 },
};

/** The change that one or more steps of a grant make, stored together. */
export interface CountedChange {
  readonly from: State | null;
  readonly request: Pick<AccessRequest, "state" | "extendedBy">;
  /** Whether one of the steps hands the grant's place on to its extension. */
  readonly handsOn: boolean;
}

function countOf(state: State | null, hasPlace: boolean): GrantCounts {
  const counts = state === null ? NONE : (COUNTED[state] ?? NONE);
  return hasPlace ? counts : { ...counts, open: 0 };
}

/**
 * How steps change the person's counts. Where an extension is approved, its predecessor hands on its
 * place and takes none from then on. So the two count as one grant while they overlap.
 */
export const countChange = ({ from, request, handsOn }: CountedChange): GrantCounts => {
  const hasPlace = request.extendedBy === undefined;
  const [was, is] = [countOf(from, hasPlace || handsOn), countOf(request.state, hasPlace)];
  return { open: is.open - was.open, ending: is.ending - was.ending };
};

/**
 * The most grants that a person may have with this one. Break-glass may use the reserved places. An
 * extension has its predecessor's place, so nothing limits it.
 */
export const capacityFor = (
  { breakGlass, extends: predecessor }: Pick<AccessRequest, "breakGlass" | "extends">,
  settings: Pick<
    Settings,
    "openGrantsPerPerson" | "reservedGrantsPerPerson" | "endingGrantsPerPerson"
  >,
): GrantCounts | undefined =>
  predecessor === undefined
    ? {
        open: settings.openGrantsPerPerson - (breakGlass ? 0 : settings.reservedGrantsPerPerson),
        ending: settings.endingGrantsPerPerson,
      }
    : undefined;

/** Whether one more grant fits, or as many as are approved at once. `most.open` includes them. */
export const hasRoom = (has: GrantCounts, most: GrantCounts, more = 1): boolean =>
  has.open + more <= most.open && has.ending <= most.ending;

/**
 * Why one more grant was not approved, or as many as were asked for at once.
 *
 * @param has the person's current counts
 */
export function tooManyGrants(
  { requester, cluster }: Pick<AccessRequest, "requester" | "cluster">,
  has: GrantCounts,
  most: GrantCounts,
  options?: ErrorOptions,
  more = 1,
): BrokerError {
  const facts = { person: requester, cluster: cluster.name, ...has, most };
  if (has.open + more > most.open)
    return new BrokerError(
      "too-many-grants",
      `${requester} has ${has.open} approved or active grants of this role on ${cluster.name}${andAsks(more)}; at most ${most.open} are allowed. Nothing was stored. End one of those first: cancel it, or return it.`,
      facts,
      options,
    );
  return new BrokerError(
    "too-many-grants",
    `${has.ending} grants of ${requester} on ${cluster.name} are still ending; at most ${most.ending} are allowed. Nothing was stored. Wait until they have ended, then try again.`,
    facts,
    options,
  );
}
