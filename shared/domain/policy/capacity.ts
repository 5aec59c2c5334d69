/**
 * How many grants one person may have in one binding. A removal takes longer the more grants there
 * are, so their number has a bound; some places are kept for emergencies.
 */

import type { AccessRequest, State } from "../requests/request.ts";
import type { Settings } from "../settings.ts";
import { BrokerError } from "../values/errors.ts";

/** A number of grants of one person in one binding. */
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

/** By how much a step from one state to another changes what a person has. */
export const countChange = (from: State | null, to: State): GrantCounts => ({
  open: countOf(to).open - countOf(from).open,
  ending: countOf(to).ending - countOf(from).ending,
});

/** The most that a person may have once this request is approved. Break-glass may use every place. */
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

/** Whether one more grant fits: `most.open` includes it, and `most.ending` are those beside it. */
export const hasRoom = (has: GrantCounts, most: GrantCounts): boolean =>
  has.open < most.open && has.ending <= most.ending;

/** Why one more grant was not approved. @param has what the person has already */
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
      `${requester} has ${has.open} approved or active grants of this role on ${cluster.name}, and may have ${most.open}. Nothing was stored. End one of those first: cancel it, or return it.`,
      facts,
      options,
    );
  return new BrokerError(
    "too-many-grants",
    `${has.ending} grants of ${requester} on ${cluster.name} are still ending, and only ${most.ending} may be. Nothing was stored. Wait until they have ended, then try again.`,
    facts,
    options,
  );
}
