/**
 * The verdict of another policy on each request of the record. Each is judged first under the policies that
 * it was judged under: a request that comes out otherwise there says that the record, or this code, is wrong.
 */

import type { Delegation } from "../../domain/delegations/delegation.ts";
import type { Chain } from "../../domain/policy/extension.ts";
import { judgeAsk } from "../../domain/policy/judge-ask.ts";
import { keptByKey } from "../../domain/policy/kept.ts";
import { type AccessPolicy, memberOf } from "../../domain/policy/policy.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { recordedOnCall } from "./recorded-on-call.ts";
import type { RecordedAsk, RecordedRequest } from "./recorded-request.ts";
import { type Judges, type Replayed, replayRequest, type Surroundings } from "./replay-request.ts";

export interface Recorded {
  readonly requests: ReadonlyMap<string, RecordedRequest>;
  readonly delegations: ReadonlyMap<string, Delegation>;
  /** The policies of the record that have a file, by their hashes. */
  readonly policies: ReadonlyMap<string, AccessPolicy>;
}

export interface Replay {
  readonly id: string;
  readonly request: AccessRequest;
  /** When it was asked. ISO 8601 UTC. */
  readonly at: string;
  readonly grantedBy: RecordedRequest["grantedBy"];
  readonly replayed: Replayed;
  /** Whether the record lacks a policy that judged it. Its rule is then taken as one that was named. */
  readonly isAssumed: boolean;
}

export interface PolicyReplay {
  readonly replays: readonly Replay[];
  /** Requests that come out otherwise under their own policies. */
  readonly contradictions: readonly Replay[];
  /** Hashes of policies that judged requests, and have no file. Sorted. */
  readonly missingPolicies: readonly string[];
  /** Extensions of grants that the record lacks: how often and how long they extend was not judged. */
  readonly cutChains: readonly string[];
  /** How many requests were judged that do not say which terms the asker named. Extensions always name them. */
  readonly unsaid: number;
}

/** Pure. @param isChosen the requests that are judged; the others are there for their chains */
export function replayPolicy(
  policy: AccessPolicy,
  recorded: Recorded,
  isChosen: (request: RecordedRequest) => boolean,
): PolicyReplay {
  const facts = surroundings(recorded);
  const missing = new Set<string>();
  const replays: Replay[] = [];
  const contradictions: Replay[] = [];
  const cutChains: string[] = [];
  for (const [id, each] of recorded.requests) {
    if (!isChosen(each)) continue;
    if (each.request.extends !== undefined && !facts.chainOf(each.request)) cutChains.push(id);
    const lacks = [...each.asks.map(({ policyHash }) => policyHash), each.decidedUnder].filter(
      (hash) => !recorded.policies.has(hash),
    );
    for (const hash of lacks) missing.add(hash);
    const isAssumed = lacks.length > 0;
    const about = { id, request: each.request, at: each.asks[0].at, grantedBy: each.grantedBy };
    const own = isAssumed ? undefined : ownJudges(recorded);
    const before = own && replayRequest(each, own, facts);
    if (before && before.verdict !== "same")
      contradictions.push({ ...about, replayed: before, isAssumed });
    const isRuleNamed =
      own?.isRuleNamed ?? ((ask: RecordedAsk) => ask.defaults?.includes("rule") !== true);
    const judges: Judges = { ask: () => policy, decision: () => policy, isRuleNamed };
    replays.push({ ...about, replayed: replayRequest(each, judges, facts), isAssumed });
  }
  const unsaid = [...recorded.requests.values()].filter(
    (each) => isChosen(each) && !each.request.extends && !each.asks[0].defaults,
  ).length;
  return { replays, contradictions, missingPolicies: [...missing].sort(), cutChains, unsaid };
}

/** The policies of the record, for a request of which each is there. */
function ownJudges({ policies }: Recorded): Judges {
  const named = (hash: string) => {
    const policy = policies.get(hash);
    if (policy === undefined) throw new Error(`The policy ${hash} is not in the record.`);
    return policy;
  };
  return {
    ask: named,
    decision: named,
    // Asked for the record's own policies, and again for the other one.
    isRuleNamed: keptByKey(
      (ask: RecordedAsk) => ask,
      (ask: RecordedAsk) =>
        ask.defaults
          ? !ask.defaults.includes("rule")
          : firstRule(named(ask.policyHash), ask) !== ask.request.rule,
    ),
  };
}

/** The rule that its policy takes where nobody names one. */
function firstRule(policy: AccessPolicy, { request, at }: RecordedAsk): string | undefined {
  const member = memberOf(policy, request.requester);
  if (!member) return undefined;
  const { access, durationSeconds, reason, principalArn, startsAt, cluster } = request;
  const ask = { access, durationSeconds, reason, principalArn, startsAt, rule: null };
  const known = recordedOnCall(policy, request, at);
  const judged = judgeAsk(policy, member, { ...ask, cluster: cluster.name }, at, undefined, known);
  return judged.allowed ? judged.rule.name : undefined;
}

const surroundings = ({ delegations, requests }: Recorded): Surroundings => ({
  delegation: (id) => delegations.get(id),
  chainOf: (request) => chainOf(requests, request),
});

/** The chain up to an extension; undefined where the record lacks one of its grants. */
function chainOf(
  requests: ReadonlyMap<string, RecordedRequest>,
  { extends: predecessor }: AccessRequest,
): Chain | undefined {
  let extensions = 0;
  let before = predecessor;
  for (let last: RecordedRequest | undefined; before !== undefined; extensions += 1) {
    last = requests.get(before);
    if (!last) return undefined;
    if (last.request.extends === undefined) return chainSince(last.request, extensions + 1);
    before = last.request.extends;
  }
  return undefined;
}

const chainSince = (first: AccessRequest, extensions: number): Chain => ({
  since: startOf(first) ?? first.createdAt,
  extensions,
});
