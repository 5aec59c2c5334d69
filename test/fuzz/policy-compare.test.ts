/** The comparison of policies of every kind, with what the code that judges requests says of both. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuorum } from "../../shared/domain/policy/approval.ts";
import {
  type AccessPolicy,
  type Member,
  memberOf,
  type Rule,
} from "../../shared/domain/policy/policy.ts";
import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import type { Offer, Subject } from "../../shared/policy-tools/compare/offers.ts";
import { explain, type OpenAsk } from "../../shared/policy-tools/explain.ts";
import { canDecide } from "../../shared/policy-tools/rule-approval.ts";
import { usesOf } from "../../shared/policy-tools/rule-uses.ts";
import { ASKED_AT, anyAsk, anyPolicy } from "./any-policy.ts";
import { fuzzLeast, fuzzReached, fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(60_000);

/** A policy, and another that has only some of it in common. */
const twoPolicies = fc
  .tuple(anyPolicy, anyPolicy, fc.constantFrom("rules", "people", "clusters", "all"))
  .map(([one, other, part]): readonly [AccessPolicy, AccessPolicy] =>
    part === "all" ? [one, other] : [one, { ...one, hash: other.hash, [part]: other[part] }],
  );

const decides = (policy: AccessPolicy, name: string, ask: OpenAsk) => {
  const member = memberOf(policy, name);
  if (!member) throw new Error(`The policy has no ${name}.`);
  return explain(policy, member, ask, ASKED_AT).decision;
};

/** Whether somebody can have it at all. Whether they have to say for which of their roles is no term of it. */
const isAllowed = (policy: AccessPolicy, name: string, ask: OpenAsk): boolean =>
  [null, ...(ask.principalArn === null ? (policy.people[name]?.principals ?? []) : [])].some(
    (arn) => decides(policy, name, { ...ask, principalArn: ask.principalArn ?? arn }).allowed,
  );

/** An ask for all of a subject on the terms of one offer. A pattern is asked for by a name in it. */
const askFor = ({ cluster, what, where, kind }: Subject, offer: Offer): OpenAsk => ({
  cluster,
  access:
    kind === "group"
      ? { groups: [what] }
      : {
          policy: what,
          scope:
            kind === "cluster"
              ? { type: "cluster" }
              : { type: "namespace", namespaces: [where.replace("*", "zz9")] },
        },
  durationSeconds: offer.maxSeconds,
  reason: null,
  principalArn: offer.principals[0] ?? null,
  startsAt: null,
  rule: null,
});

/** For every set of three people or fewer: whether they suffice to approve, and which of them may close a review. */
function suffices(policy: AccessPolicy, rule: Rule): readonly unknown[] {
  const members = Object.keys(policy.people)
    .toSorted()
    .flatMap((name) => memberOf(policy, name) ?? []);
  const some = (from: readonly Member[], most: number): readonly (readonly Member[])[] =>
    most === 0
      ? [[]]
      : [
          [],
          ...from.flatMap((one, at) =>
            some(from.slice(at + 1), most - 1).map((others) => [one, ...others]),
          ),
        ];
  const deciders = members.filter((member) => canDecide(policy, rule, member));
  return [
    some(deciders, 3)
      .filter((people) => isQuorum(rule.approval, people))
      .map((people) => people.map(({ name }) => name)),
    members
      .filter(({ groups }) => rule.review?.by.some((group) => groups.includes(group)))
      .map(({ name }) => name),
  ];
}

const reachesNobody = (policy: AccessPolicy, rule: Rule): boolean =>
  usesOf(policy, rule).length === 0;

/** Without rights of the role for Kubernetes groups. An account that has it keeps it. */
const leaving = (items: readonly object[]) =>
  items.filter((item) => !("role" in item && item.role === "Kubernetes groups"));

describe("The comparison of two policies", () => {
  it("The comparison of a policy with itself is empty", () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const nothing = { gained: [], lost: [] };
        expect(comparePolicies(policy, policy)).toEqual({
          same: true,
          lending: nothing,
          terms: [],
          standing: nothing,
          iam: nothing,
          lent: [],
        });
      }),
      fuzzRuns(80),
    );
  });

  it("A gain of one policy over the other is a loss the other way, but for a role that stays", () => {
    let found = 0;
    fc.assert(
      fc.property(twoPolicies, ([one, other]) => {
        const there = comparePolicies(one, other);
        const back = comparePolicies(other, one);
        for (const part of ["lending", "standing", "iam"] as const) {
          expect(leaving(there[part].gained)).toEqual(leaving(back[part].lost));
          expect(leaving(there[part].lost)).toEqual(leaving(back[part].gained));
        }
        const turned = back.terms.map((change) => ({
          ...change,
          before: change.after,
          after: change.before,
        }));
        expect(there.terms).toEqual(turned);
        found += there.lending.gained.length + there.terms.length;
      }),
      fuzzRuns(80),
    );
    expect(found).toBeGreaterThan(50);
  });

  it("A request that is called gained is refused before and allowed after, by the code that judges requests", () => {
    let gains = 0;
    fc.assert(
      fc.property(twoPolicies, ([before, after]) => {
        for (const { offers, ...subject } of comparePolicies(before, after).lending.gained) {
          const [first] = offers;
          if (!first) throw new Error("Something was gained without an offer.");
          const ask = askFor(subject, first);
          const decision = decides(after, subject.person, ask);
          expect(decision).toMatchObject({ allowed: true, rule: { name: first.rule } });
          expect(decides(before, subject.person, ask).allowed).toBe(false);
          gains += 1;
        }
      }),
      fuzzRuns(80),
    );
    expect(gains).toBeGreaterThan(50);
  });

  it("Nothing is silent where other people, or fewer, suffice for an approval or may close a review", () => {
    let differing = 0;
    fc.assert(
      fc.property(twoPolicies, ([before, after]) => {
        let isDiffering = false;
        const { lending, terms, standing } = comparePolicies(before, after);
        const said = [lending.gained, lending.lost, terms, standing.gained, standing.lost].flat();
        for (const rule of before.rules) {
          const same = after.rules.find(({ name }) => name === rule.name);
          // Nobody asks under a rule that reaches nobody, so nobody approves there.
          if (!same || reachesNobody(before, rule) || reachesNobody(after, same)) continue;
          if (isDeepStrictEqual(suffices(before, rule), suffices(after, same))) continue;
          isDiffering = true;
          expect(said).not.toEqual([]);
        }
        if (isDiffering) differing += 1;
      }),
      fuzzRuns(200),
    );
    fuzzReached(differing, "changes of who suffices for an approval or a review");
    expect(differing).toBeGreaterThan(fuzzLeast(10));
  });

  it("A request that only one policy allows is in the comparison of the two", () => {
    let differing = 0;
    fc.assert(
      fc.property(
        twoPolicies,
        fc.array(anyAsk, { minLength: 4, maxLength: 4 }),
        ([before, after], asks) => {
          const { lending, terms } = comparePolicies(before, after);
          const listed = [...lending.gained, ...lending.lost, ...terms];
          let isDiffering = false;
          for (const { name, ask } of asks) {
            if (isAllowed(before, name, ask) === isAllowed(after, name, ask)) continue;
            isDiffering = true;
            expect(listed.map(({ person }) => person)).toContain(name);
          }
          if (isDiffering) differing += 1;
        },
      ),
      fuzzRuns(100),
    );
    fuzzReached(differing, "changes that only one policy allows a request of");
    expect(differing).toBeGreaterThan(fuzzLeast(10));
  });
});
