/**
 * How many grants a person may have in one binding. A removal takes longer with more grants, so
 * their number is limited. Some places are reserved for emergencies.
 */

import type { AccessRequest, State } from "../requests/request.ts";
import type { Settings } from "../settings.ts";
import { BrokerError } from "../values/errors.ts";

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

const countOf = (state: State | null) => (state === null ? NONE : (COUNTED[state] ?? NONE));

/** How a step from one state to another changes the person's counts. */
export const countChange = (from: State | null, to: State): GrantCounts => ({
  open: countOf(to).open - countOf(from).open,
  ending: countOf(to).ending - countOf(from).ending,
});

/**
 * The most grants that a person may have with this one. Break-glass may use the reserved places.
 */
export const capacityFor = (
  { breakGlass }: Pick<AccessRequest, "breakGlass">,
  settings: Pick<
    Settings,
    "openGrantsPerPerson" | "reservedGrantsPerPerson" | "endingGrantsPerPerson"
  >,
): GrantCounts => ({
  open: settings.openGrantsPerPerson - (breakGlass ? 0 : settings.reservedGrantsPerPerson),
  ending: settings.endingGrantsPerPerson,
});

/** Whether one more grant fits. `most.open` includes the new grant. */
export const hasRoom = (has: GrantCounts, most: GrantCounts): boolean =>
  has.open < most.open && has.ending <= most.ending;

/** Why one more grant was not approved. @param has the person's current counts */
export function tooManyGrants(
  { requester, cluster }: Pick<AccessRequest, "requester" | "cluster">,
  has: GrantCounts,
  most: GrantCounts,
  options?: ErrorOptions,
): BrokerError {
  const facts = { person: requester, cluster: cluster.name, ...has, most };
  if (has.open >= most.open)
    return new BrokerError(
      "too-many-grants",
      `${requester} has ${has.open} approved or active grants of this role on ${cluster.name}; at most ${most.open} are allowed. Nothing was stored. End one of those first: cancel it, or return it.`,
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
