/** Machines ask, and people decide. Nobody who owns a machine agrees with it, unless the policy says so. */
import type { Asker } from "../requests/asker-text.ts";
import { BrokerError } from "../values/errors.ts";
import { type AccessPolicy, isMachine, type Member } from "./policy.ts";
import { decidersInGroups } from "./policy-index.ts";

/** Asked for each approver of each request, so nothing is copied. */
const machineOf = ({ people }: AccessPolicy, name: string) =>
  Object.hasOwn(people, name) ? people[name]?.machine : undefined;

/** The people who own a machine, sorted by name; empty for whoever is no machine of the policy. */
export const ownersOf = (policy: AccessPolicy, name: string): readonly string[] =>
  decidersInGroups(policy, machineOf(policy, name)?.owners ?? []);

/** The asker of a request: a machine where the policy of today says so, or did when it was asked. */
export const askerOf = (policy: AccessPolicy, { requester, machine, via }: Asker): Asker => {
  const isOne = machine === true || machineOf(policy, requester) !== undefined;
  return {
    requester,
    ...(isOne ? { machine: true } : {}),
    ...(via ? { via } : {}),
  };
};

/** Whether a person owns the machine of that name. */
export const owns = (
  policy: AccessPolicy,
  { name }: Pick<Member, "name">,
  machine: string,
): boolean => ownersOf(policy, machine).includes(name);

/** Whether a person's approval does not count for a machine, because they would agree with themselves. */
export const ownsWhoAsks = (
  policy: AccessPolicy,
  { name }: Pick<Member, "name">,
  requester: string,
): boolean =>
  machineOf(policy, requester)?.ownersApprove === false && owns(policy, { name }, requester);

/** The refusal of everything that a machine never does. @throws BrokerError `machine-asks-only` */
export function checkNotMachine({ name, machine }: Member): void {
  if (!isMachine({ machine })) return;
  throw new BrokerError(
    "machine-asks-only",
    `${name} is a machine, and a machine asks for access, extends it and gives it back. Nothing was done; have a person do this.`,
  );
}
