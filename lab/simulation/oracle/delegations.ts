/**
 * Judges decisions on somebody's behalf, from the records as they were stored. It shares no
 * decision with the broker.
 */
import type { DelegationRecord } from "../../../shared/domain/delegations/delegation-record.ts";
import type { AccessPolicy, Rule } from "../../../shared/domain/policy/policy.ts";
import type { AccessRequest, Approval } from "../../../shared/domain/requests/request.ts";
import type { Facts } from "./facts.ts";

/** A delegation, as its records say. */
interface Known {
  readonly by: string;
  readonly to: string;
  readonly from: string;
  readonly until: string;
  ended: { readonly at: string; readonly storedAt: number } | undefined;
}

export class DelegationWatch {
  readonly #facts: Facts;
  readonly #known = new Map<string, Known>();
  readonly #begun = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  stored(record: DelegationRecord): void {
    const { delegationId: id, actor, at } = record;
    const known = this.#known.get(id);
    if (record.type === "undelegate") {
      if (known) known.ended = { at, storedAt: this.#facts.now };
      return;
    }
    const { to, from, until } = record.details;
    this.#known.set(id, { by: actor, to, from, until, ended: undefined });
  }

  /** A deployment took somebody out of every group. */
  lost(name: string): void {
    this.#facts.lostAt.set(name, this.#facts.now);
  }

  /** A ledger says that these grants have begun. */
  begun(ids: readonly string[]): void {
    const { policy, tables } = this.#facts.options;
    for (const id of ids) {
      const request = tables.requests.get(id);
      if (this.#begun.has(id) || !request) continue;
      this.#begun.add(id);
      if (request.approvals.some(({ onBehalfOf }) => onBehalfOf)) this.#check(policy(), request);
    }
  }

  #check(policy: AccessPolicy, request: AccessRequest): void {
    const rule = policy.rules.find(({ name }) => name === request.rule);
    if (!rule) return;
    const faulty = request.approvals.filter((each) => !this.#isInOrder(request, each));
    const sound = request.approvals.filter((each) => !faulty.includes(each));
    if (this.#fills(policy, rule, sound)) return;
    const isPlaces = faulty.length === 0 && this.#fills(policy, rule, sound, false);
    const what = JSON.stringify(request.approvals);
    if (isPlaces) this.#facts.broken("one-place", `${request.id} begins by ${what}.`);
    else this.#facts.broken("delegated-in-right", `${request.id} begins by ${what}.`);
  }

  #isInOrder({ requester }: AccessRequest, { person, onBehalfOf, at }: Approval): boolean {
    if (person === requester) return false;
    if (!onBehalfOf) return true;
    const known = this.#known.get(onBehalfOf.delegation);
    return (
      known !== undefined &&
      known.by === onBehalfOf.person &&
      known.to === person &&
      onBehalfOf.person !== requester &&
      known.from <= at &&
      at < known.until &&
      !this.#hadEnded(known, at)
    );
  }

  /** An end holds from when it is stored: a run that began before it may not have read it, whatever its clock says. */
  #hadEnded({ ended }: Known, at: string): boolean {
    return ended !== undefined && ended.at <= at && ended.storedAt < this.#startedAt();
  }

  #startedAt(): number {
    return this.#facts.current?.invocation.startedAt ?? this.#facts.now;
  }

  /** Whether approvals fill every place of a rule, each person's once, unless `once` is false. */
  #fills(
    policy: AccessPolicy,
    { approval }: Pick<Rule, "approval">,
    approvals: readonly Approval[],
    once = true,
  ): boolean {
    const places = approval.flatMap(({ groups, count }) =>
      Array.from({ length: count }, () => groups),
    );
    const voices = approvals.map(({ person, onBehalfOf }) => ({
      people: [person, ...(onBehalfOf ? [onBehalfOf.person] : [])],
      groups: this.#groupsOf(policy, onBehalfOf?.person ?? person),
    }));
    const fill = (left: typeof places, unused: typeof voices): boolean => {
      const [place, ...rest] = left;
      if (!place) return true;
      return unused.some(
        (voice) =>
          voice.groups.some((group) => place.includes(group)) &&
          fill(
            rest,
            unused.filter((each) => each !== voice && !(once && share(each.people, voice.people))),
          ),
      );
    };
    return fill(places, voices);
  }

  /** A run judges by the policy with which it began. */
  #groupsOf({ people }: AccessPolicy, name: string): readonly string[] {
    const lostAt = this.#facts.lostAt.get(name);
    if (lostAt !== undefined && lostAt >= this.#startedAt()) return GROUPS_BEFORE[name] ?? [];
    return people[name]?.groups ?? [];
  }
}

/** The former groups of people who may leave their groups. */
const GROUPS_BEFORE: Readonly<Record<string, readonly string[]>> = {
  cat: ["leads"],
  eve: ["engineers", "leads"],
};

const share = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((name) => other.includes(name));
