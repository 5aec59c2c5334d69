/** Grants of a rule with summaries of what was done, as an archive has them. */
import { aPolicy, aRequest } from "../../../../lab/fakes/builders.ts";
import type {
  ActivityCount,
  ActivitySummary,
} from "../../../../shared/domain/evidence/activity/activity-summary.ts";
import type { Rule, RuleAccess } from "../../../../shared/domain/policy/policy.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";
import type { RecordedRequest } from "../../../../shared/policy-tools/replay/recorded-request.ts";
import { suggestPolicy } from "../../../../shared/policy-tools/suggest/suggest-policy.ts";

export const VIEW = "AmazonEKSViewPolicy";
export const EDIT = "AmazonEKSEditPolicy";
export const ADMIN = "AmazonEKSAdminPolicy";
export const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy";

export const within = (policy: string, ...namespaces: readonly string[]): Access => ({
  policy,
  scope: { type: "namespace", namespaces },
});
export const everywhere = (policy: string): Access => ({ policy, scope: { type: "cluster" } });

/** `get pods`, `patch deployments.apps/scale in orders`, `list pods anywhere` */
export function done(text: string): ActivityCount {
  const [, verb = "", resource = "", place] =
    /^(\S+) (\S*)(?: in (\S+)| anywhere)?$/.exec(text) ?? [];
  const namespace = text.endsWith(" anywhere") ? null : (place ?? "payments-api");
  return { verb, resource, namespace, outcome: "allowed", count: 1 };
}

export const summary = (
  counts: readonly ActivityCount[],
  more: Partial<ActivitySummary> = {},
): ActivitySummary => ({
  state: "read",
  from: "2026-11-24T10:00:00.000Z",
  until: "2026-11-24T11:00:00.000Z",
  query: null,
  scannedBytes: 0,
  counts,
  firstAt: null,
  lastAt: null,
  streams: [],
  leftBehind: [],
  isCut: false,
  ...more,
});

const POLICY = aPolicy();

export interface Played {
  readonly access: Access;
  /** Undefined where the record has no summary. */
  readonly activity: ActivitySummary | undefined;
  readonly wasUsable?: boolean;
}

/** As many grants of one access in which the same was done. */
export const grants = (
  times: number,
  access: Access,
  ...texts: readonly string[]
): readonly Played[] =>
  Array.from({ length: times }, () => ({ access, activity: summary(texts.map(done)) }));

/** The suggestion for a rule with this access. */
export function suggestionFor(
  access: RuleAccess,
  played: readonly Played[],
  changed: Partial<Rule> = {},
) {
  const [first] = POLICY.rules;
  if (!first) throw new Error("The policy has no rule.");
  const own: Rule = { ...first, name: "own", access, ...changed };
  const ids = played.map((_, at) => `request-${at}`);
  const requests = played.map(({ access: asked, wasUsable = true }, at) => {
    const request = aRequest({ access: asked, rule: "own" });
    const recorded: RecordedRequest = {
      asks: [
        {
          at: `2026-11-${String(1 + (at % 30)).padStart(2, "0")}T10:00:00.000Z`,
          policyHash: "",
          request,
          defaults: undefined,
        },
      ],
      request,
      grantedBy: "people",
      decidedUnder: "",
      wasUsable,
    };
    return [ids[at] ?? "", recorded] as const;
  });
  const activity = played.flatMap(({ activity: each }, at) =>
    each ? [[ids[at] ?? "", each] as const] : [],
  );
  const record = { requests: new Map(requests), activity: new Map(activity) };
  const [found] = suggestPolicy({ ...POLICY, rules: [own] }, record, () => true);
  if (!found) throw new Error("The rule has no suggestion.");
  return { ...found, own };
}
