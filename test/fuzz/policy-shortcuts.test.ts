/**
 * The tools ask for thousands of people at once the questions that the broker asks for one request.
 * Their findings equal those of a look at each person, each principal and each subject.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuorum } from "../../shared/domain/policy/approval.ts";
import { approversOf, peopleOf } from "../../shared/domain/policy/approvers.ts";
import { canLendTo, inOrderTried } from "../../shared/domain/policy/eligibility.ts";
import {
  type AccessPolicy,
  type Member,
  matchesWho,
  memberOf,
  type Rule,
} from "../../shared/domain/policy/policy.ts";
import { reviewersOf } from "../../shared/domain/policy/review-rights.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import { covers, partsOf, type Subject } from "../../shared/policy-tools/compare/offers.ts";
import { promptFindings } from "../../shared/policy-tools/prompt-findings.ts";
import { reviewFindings } from "../../shared/policy-tools/review-findings.ts";
import { canBeApproved, canDecide } from "../../shared/policy-tools/rule-approval.ts";
import { usesOf } from "../../shared/policy-tools/rule-uses.ts";
import { anyWorkflowFile } from "./any-workflow.ts";
import { fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(60_000);

const policyIn = (tree: unknown): AccessPolicy | undefined => {
  try {
    return parseAccessPolicy(JSON.stringify(tree));
  } catch (error) {
    if (error instanceof FileFaults) return undefined;
    throw error;
  }
};
const anyWholePolicy = anyWorkflowFile.map(policyIn).filter((policy) => policy !== undefined);

const membersOf = (policy: AccessPolicy): readonly Member[] =>
  Object.keys(policy.people).flatMap((name) => memberOf(policy, name) ?? []);

/** Each person whom a rule can lend something on a cluster, one after the other. */
const usesOneByOne = (policy: AccessPolicy, rule: Rule) =>
  membersOf(policy)
    .filter((member) => matchesWho(rule.who, member))
    .flatMap((member) =>
      rule.clusters.flatMap((cluster) => {
        const principals = [...new Set(member.principals)].filter((arn) =>
          canLendTo(policy, rule, member, cluster, arn),
        );
        return principals.length === 0 ? [] : [{ member, cluster, principals }];
      }),
    );

/** The access that a policy lends to a subject, as texts that name all terms. */
function offersOneByOne(policy: AccessPolicy, subject: Subject): readonly unknown[] {
  const member = memberOf(policy, subject.person);
  if (!member) return [];
  return inOrderTried(policy.rules).flatMap((rule) => {
    const use = usesOneByOne(policy, rule).find(
      (one) =>
        one.member.name === member.name && policy.clusters[one.cluster]?.arn === subject.clusterArn,
    );
    if (!use || !covers(rule, subject)) return [];
    const { who: _who, clusters: _clusters, access, notify: _notify, ...terms } = rule;
    const { remind: _remind, delegable: _delegable, ...offered } = terms;
    const { sharedPrincipals: _shared, foreignPrincipals: _foreign, ...all } = offered;
    const { approverMayHoldPrincipal: _holders, ...rest } = all;
    return [
      {
        ...rest,
        wildcards: "namespaces" in access && access.wildcards,
        principals: use.principals.toSorted(),
        approvable: use.principals.every((arn) => isApproved(policy, rule, member, arn)),
      },
    ];
  });
}

const isApproved = (policy: AccessPolicy, rule: Rule, member: Member, arn: string): boolean =>
  isQuorum(
    rule.approval,
    peopleOf(policy, approversOf(policy, rule, member, [arn])).filter((each) =>
      canDecide(policy, rule, each),
    ),
  );

const subjectsOneByOne = (policy: AccessPolicy): readonly Subject[] =>
  policy.rules.flatMap((rule) =>
    usesOneByOne(policy, rule).flatMap(({ member, cluster }) =>
      partsOf(rule).map((part) => ({
        person: member.name,
        cluster,
        clusterArn: policy.clusters[cluster]?.arn ?? "",
        ...part,
      })),
    ),
  );

const textOf = ({ person, clusterArn, kind, what, where }: Subject) =>
  [person, clusterArn, kind, what, where].join(" ");

describe("The questions of the tools for thousands at once", () => {
  it("Users of a rule, and whether enough people can approve it, are those that one look at each person finds", () => {
    const counts = { approved: 0, stuck: 0 };
    fc.assert(
      fc.property(anyWholePolicy, (policy) => {
        for (const rule of policy.rules) {
          const uses = usesOf(policy, rule);
          expect(uses).toEqual(usesOneByOne(policy, rule));
          for (const { member, principals } of uses)
            for (const arn of principals) {
              const isEnough = isApproved(policy, rule, member, arn);
              expect(canBeApproved(policy, rule, member, arn)).toBe(isEnough);
              counts[isEnough ? "approved" : "stuck"] += 1;
            }
        }
      }),
      fuzzRuns(150),
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(50);
  });

  it("An escalation and a review that reach nobody are found for exactly the people for whom they do", () => {
    const counts = { escalations: 0, reviews: 0 };
    fc.assert(
      fc.property(anyWholePolicy, (policy) => {
        const [prompts, reviews] = [promptFindings(policy), reviewFindings(policy)];
        for (const [at, rule] of policy.rules.entries()) {
          const uses = usesOneByOne(policy, rule);
          for (const [n, need] of rule.approval.entries()) {
            const isAlone = ({ member, principals }: (typeof uses)[number]) =>
              principals.every(
                (arn) => approversOf(policy, rule, member, [arn])[n]?.escalate?.people.length === 0,
              );
            const names = new Set(uses.filter(isAlone).map(({ member }) => member.name));
            const found = prompts.find(
              ({ code, path }) =>
                code === "escalation-asks-nobody" && path[1] === at && path[3] === n,
            );
            expect(found !== undefined).toBe(need.escalate !== undefined && names.size > 0);
            if (!found) continue;
            expect(found.detail).toContain(`Where ${[...names].join(", ")} asks`);
            counts.escalations += 1;
          }
          const { review } = rule;
          const stuck = uses.some(({ member, principals }) =>
            principals.some(
              (arn) => review && reviewersOf(policy, review, member, [arn]).length === 0,
            ),
          );
          const isFound = ({ code, path }: (typeof reviews)[number]) =>
            code === "nobody-can-review" && path[1] === at;
          expect(reviews.some(isFound)).toBe(stuck);
          if (stuck) counts.reviews += 1;
        }
      }),
      fuzzRuns(150),
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(10);
  });

  it("The comparison has exactly the subjects whose offers differ, where each is looked at", () => {
    let changes = 0;
    fc.assert(
      fc.property(
        anyWholePolicy,
        anyWholePolicy,
        fc.constantFrom("rules", "people", "clusters", "order", "all"),
        (before, other, part) => {
          const after =
            part === "all"
              ? other
              : part === "order"
                ? { ...before, rules: before.rules.toReversed() }
                : { ...before, [part]: other[part] };
          const { lending, terms } = comparePolicies(before, after);
          const listed = [...lending.gained, ...lending.lost, ...terms].map(textOf);
          const all = [...subjectsOneByOne(before), ...subjectsOneByOne(after)];
          const expected = all.filter(
            (subject) =>
              JSON.stringify(offersOneByOne(before, subject)) !==
              JSON.stringify(offersOneByOne(after, subject)),
          );
          expect(listed.toSorted()).toEqual([...new Set(expected.map(textOf))].toSorted());
          changes += listed.length;
        },
      ),
      fuzzRuns(60),
    );
    expect(changes).toBeGreaterThan(100);
  });
});
