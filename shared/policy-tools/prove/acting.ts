/** Those who could ask for a grant, and those whose approvals could count for it. */
import { mayBeDelegate } from "../../domain/policy/delegated.ts";
import { ownersOf, ownsWhoAsks } from "../../domain/policy/machines.ts";
import type { AccessPolicy, Member, Rule } from "../../domain/policy/policy.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { groupMembers, holdsPrincipal } from "../group-members.ts";
import { canDecide } from "../rule-approval.ts";
import { memberNamed } from "../rule-uses.ts";
import { canDelegate, type Persons } from "./persons.ts";

/** A grant that somebody has to bring about. */
export interface Wanted {
  readonly rule: Rule;
  readonly principal: string;
  /** People who could ask for it, by name. */
  readonly requesters: readonly string[];
}

/** The approver, and the delegator where somebody delegated to them. */
export interface Approving {
  readonly name: string;
  readonly onBehalfOf?: string;
}

export interface Actors {
  /** Whether a name of the file may act at all. */
  readonly isActing: (name: string) => boolean;
  /** Whether delegators who do nothing today lend their standing. */
  readonly standing: boolean;
}

/** The policy, those who act in it, and the persons behind their names. */
export interface Scene {
  readonly policy: AccessPolicy;
  readonly actors: Actors;
  readonly persons: Persons;
  /** The same for two names only if one may stand for the other. */
  readonly kind: (name: string, groups: readonly string[]) => string;
}

/** Those by whose hands somebody asks: their own; for a machine, those of any owner who may act. */
export const handsOf =
  ({ policy, persons, actors }: Scene) =>
  (requester: string): readonly { readonly requester: string; readonly person: string }[] => {
    const owners = ownersOf(policy, requester).filter(actors.isActing);
    const hands = owners.length === 0 ? [requester] : owners;
    return [...new Set(hands.map(persons.of))].map((person) => ({ requester, person }));
  };

/** A voice, which can fill a place, with the groups that it counts for. */
export interface Voice extends Approving {
  readonly names: readonly string[];
  readonly groups: readonly string[];
  /** The people who act for it, by the first of their names. */
  readonly people: readonly string[];
  /** The same for two voices only if one may stand for the other. Many are never compared. */
  readonly kind: () => string;
}

/** Everyone whose approval could count for the grant, as themselves or for a delegator. */
export function voicesFor(search: Scene, wanted: Wanted, requester: string): readonly Voice[] {
  const { policy, actors, persons } = search;
  const { rule, principal } = wanted;
  const isParty = (name: string) =>
    name === requester ||
    ownsWhoAsks(policy, { name }, requester) ||
    (!rule.approverMayHoldPrincipal && holdsPrincipal(policy, name, principal));
  const members = groupMembers(policy, rule.approval.flatMap(approverGroups))
    .filter((name) => !isParty(name))
    .flatMap((name) => memberNamed(policy, name) ?? []);
  const { kind } = search;
  const own = members
    .filter((member) => actors.isActing(member.name) && canDecide(policy, rule, member))
    .map((member): Voice => {
      const people = [persons.of(member.name)];
      const { name, groups } = member;
      return { name, names: [name], groups, people, kind: () => kind(name, groups) };
    });
  return [...own, ...delegatedVoices(search, wanted, members, isParty)];
}

/**
 * Delegators act by delegating. So a delegate saves nobody, unless the delegator did so before, or can decide on no
 * surface of the rule themselves.
 */
function delegatedVoices(
  { policy, actors, persons, kind }: Scene,
  { rule }: Wanted,
  members: readonly Member[],
  isParty: (name: string) => boolean,
): readonly Voice[] {
  if (!policy.delegations || !rule.delegable) return [];
  const delegators = actors.standing
    ? members
    : members.filter(
        (member) =>
          actors.isActing(member.name) && !canDecide(policy, rule, member) && canDelegate(member),
      );
  if (delegators.length === 0) return [];
  const delegates = Object.keys(policy.people)
    .filter((name) => !isParty(name) && actors.isActing(name))
    .flatMap((name) => memberNamed(policy, name) ?? [])
    .filter((member) => mayBeDelegate(policy, member) && canDecide(policy, rule, member));
  const seats = rule.approval.reduce((sum, { count }) => sum + count, 0);
  // Among people who are all the same here, more than there are places add nothing. A delegate may fill a place too.
  const kindOf = ({ name, groups }: Member) => kind(name, groups);
  const some = [...Map.groupBy(delegates, kindOf).values()].flatMap((all) =>
    all.slice(0, seats + 1),
  );
  return delegators.flatMap((delegator) =>
    some
      .filter(({ name }) => name !== delegator.name)
      .map((delegate): Voice => {
        const { name } = delegate;
        const acting = actors.standing ? [name] : [delegator.name, name];
        return {
          name,
          onBehalfOf: delegator.name,
          names: [name, delegator.name],
          groups: delegator.groups,
          people: [...new Set(acting.map(persons.of))],
          kind: () => `for ${kind(delegator.name, delegator.groups)} by ${kindOf(delegate)}`,
        };
      }),
  );
}
