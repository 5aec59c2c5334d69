/**
 * The steps after a request, under any file. The broker allows an approver, a delegate or the
 * requester exactly the steps that a naive reading of the same file allows.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRequest, settings } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { Delegation } from "../../shared/domain/delegations/delegation.ts";
import { isQuorum } from "../../shared/domain/policy/approval.ts";
import { isCoveredBy } from "../../shared/domain/policy/delegated.ts";
import { findRule } from "../../shared/domain/policy/eligibility.ts";
import { glassRuleFor } from "../../shared/domain/policy/glass-rule.ts";
import { type AllowedAsk, judgeAsk } from "../../shared/domain/policy/judge-ask.ts";
import { judgeExtension } from "../../shared/domain/policy/judge-extension.ts";
import { termsOf } from "../../shared/domain/policy/objections.ts";
import { type AccessPolicy, type Member, memberOf } from "../../shared/domain/policy/policy.ts";
import { reviewersOf } from "../../shared/domain/policy/review-rights.ts";
import { voicesOf } from "../../shared/domain/policy/voices.ts";
import type { Ask } from "../../shared/domain/requests/ask.ts";
import { offeredTerms } from "../../shared/domain/requests/counter-offer.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { ASKED, anyNext, anyWorkflowFile } from "./any-workflow.ts";
import type { FileRule, PolicyFile, SentBody } from "./naive-policy.ts";
import {
  type NaiveApproval,
  naiveGlass,
  naivelyAgreed,
  naivelyExtended,
  naivelyLess,
  naiveReviewers,
} from "./naive-workflow.ts";
import { fuzzAsks, fuzzLeast, fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

const SETTINGS = settings({ minimumDurationSeconds: 60 });

type Next = typeof anyNext extends fc.Arbitrary<infer One> ? One : never;

const orUndefined = <Made>(make: () => Made): Made | undefined => {
  try {
    return make();
  } catch (error) {
    if (error instanceof BrokerError || error instanceof FileFaults) return undefined;
    throw error;
  }
};

/** The delegation that an approval names: one for each. */
const delegationOf = ({ under }: NaiveApproval, at: number): Delegation | undefined =>
  under && { ...under, id: countedId(at + 100), createdAt: under.from, ended: null };

function withApprovals(request: AccessRequest, approvals: Next["approvals"]): AccessRequest {
  return {
    ...request,
    approvals: approvals.map(({ person, at, surface, under }, n) => ({
      person,
      at,
      surface,
      digest: request.digest,
      proof: {},
      ...(under ? { onBehalfOf: { person: under.by, delegation: countedId(n + 100) } } : {}),
    })),
  };
}

/** The result of the broker's code. */
function byBroker(
  policy: AccessPolicy,
  member: Member,
  ask: Ask,
  { rule, cluster, principalArn, durationSeconds }: AllowedAsk,
  { approvals, offer, chain, longer }: Next,
) {
  const request = aRequest({
    requester: member.name,
    cluster,
    principalArn,
    access: ask.access,
    durationSeconds,
    reason: ask.reason,
    rule: rule.name,
    breakGlass: rule.breakGlass,
    createdAt: ASKED,
    requirements: rule.approval,
  });
  const voices = voicesOf(policy, rule, withApprovals(request, approvals), (given) => {
    const at = approvals.findIndex((_, n) => countedId(n + 100) === given.onBehalfOf?.delegation);
    const one = approvals[at];
    return one !== undefined && isCoveredBy(policy, delegationOf(one, at), given);
  });
  const less = orUndefined(() => {
    const { seconds, namespaces } = offer;
    const offered = {
      ...(seconds === undefined ? {} : { durationSeconds: seconds }),
      ...(namespaces === undefined ? {} : { namespaces }),
    };
    const terms = { ...request, ...offeredTerms(request, offered, SETTINGS, ASKED) };
    return "rule" in findRule(policy, member, termsOf(terms, ASKED), rule.name);
  });
  const extension = judgeExtension(
    policy,
    SETTINGS,
    member,
    {
      grant: request,
      expiresAt: chain.expiresAt,
      now: ASKED,
      known: undefined,
      chain: { since: chain.since, extensions: chain.extensions },
    },
    { durationSeconds: longer, reason: null },
  );
  return {
    isAgreed: isQuorum(rule.approval, voices),
    isLess: less === true,
    isExtended: extension.allowed,
    reviewers: rule.review ? reviewersOf(policy, rule.review, member, [principalArn]) : [],
    glass: orUndefined(() => glassRuleFor(policy, member, request, null, ASKED))?.name,
  };
}

/** The result of the file, read naively. */
function naively(
  file: PolicyFile,
  rule: FileRule,
  person: string,
  body: SentBody,
  { principalArn: principal, durationSeconds }: AllowedAsk,
  { approvals, offer, chain, longer }: Next,
) {
  const request = { requester: person, principal };
  return {
    isAgreed: naivelyAgreed(file, rule, request, approvals),
    isLess: naivelyLess(file, rule, person, body, durationSeconds, offer, ASKED),
    isExtended: naivelyExtended(file, rule, person, body, chain, longer, ASKED),
    reviewers: rule.breakGlass ? naiveReviewers(file, rule, request).toSorted() : [],
    glass: naiveGlass(file, person, body, durationSeconds, ASKED)?.name,
  };
}

describe("the steps after a request under any access.yaml", () => {
  it("the steps after a request under any access.yaml are those of a naive reading of the file", () => {
    const counts = { agreed: 0, delegated: 0, less: 0, extended: 0, reviewed: 0, glass: 0 };
    fc.assert(
      fc.property(
        anyWorkflowFile,
        fc.array(anyNext, { minLength: fuzzAsks(25), maxLength: fuzzAsks(25) }),
        (tree, all) => {
          // Said as docs/policy.md does: without `allowed: true`, delegations are off.
          const { delegations, ...others } = tree;
          const file = delegations?.allowed ? tree : others;
          const policy = orUndefined(() => parseAccessPolicy(JSON.stringify(tree)));
          if (!policy) return;
          for (const next of all) {
            const { name } = next.asked;
            const ask = { ...next.asked.ask, startsAt: null };
            const member = memberOf(policy, name);
            const judged = member && judgeAsk(policy, member, ask, ASKED, undefined);
            if (!member || !judged?.allowed) continue;
            const rule = file.rules.find((one) => one.name === judged.rule.name);
            if (!rule) throw new Error("The file has no such rule.");
            const { cluster, access, reason } = ask;
            const { principalArn } = judged;
            const found = byBroker(policy, member, ask, judged, next);
            const body = { cluster, access, reason, principalArn };
            const expected = naively(file, rule, name, body, judged, next);
            expect({ name, ask, next, ...found }).toEqual({ name, ask, next, ...expected });
            const isDelegated = next.approvals.some(({ under }) => under !== undefined);
            const isAgreed = found.isAgreed && judged.rule.approval.length > 0;
            counts.agreed += Number(isAgreed);
            counts.delegated += Number(isAgreed && isDelegated);
            counts.less += Number(found.isLess);
            counts.extended += Number(found.isExtended);
            counts.reviewed += Number(found.reviewers.length > 0);
            counts.glass += Number(found.glass !== undefined);
          }
        },
      ),
      fuzzRuns(200),
    );
    // It reaches each kind, or it would prove nothing.
    expect(Object.entries(counts).filter(([, count]) => count < fuzzLeast(10))).toEqual([]);
  });
});
