/** The access that a caller may ask for, rule by rule, as clients read it. */
import type { TicketTerms } from "../../domain/facts/tracker.ts";
import type { ApproversOf } from "../../domain/policy/approvers.ts";
import type { Hours } from "../../domain/policy/hours.ts";
import type { OnCallNow } from "../../domain/policy/on-call-now.ts";
import type { RuleAccess, RuleExtension } from "../../domain/policy/policy.ts";
import type { ReviewAnswer } from "./review-answer.ts";
import type { StoppedAnswer } from "./stopped-answer.ts";

/** The hours of a rule, as `when` of `access.yaml` has them. */
export interface HoursAnswer extends Hours {
  /** Whether it is within them now. */
  readonly isOpen: boolean;
  /** When they begin next; null while they are open, and where they do not within two weeks. */
  readonly opensAt: string | null;
}

/** How a grant of a rule can be extended. */
export interface ExtendAnswer {
  /** How many extensions may follow a grant, one after the other. */
  readonly times: number;
  /** The longest time from the first start to the last end, written as in a request. */
  readonly total: string;
  readonly totalSeconds: number;
  /** Whether an extension needs the approvals of the rule. */
  readonly approval: RuleExtension["approval"];
}

/** One rule of `access.yaml` that applies to the caller. */
export interface AccessRuleAnswer {
  readonly rule: string;
  /** Names of the rule's clusters, without retired ones. */
  readonly clusters: readonly string[];
  /**
   * The access that it lends: policies on the whole cluster or in namespaces, or Kubernetes groups. Unless
   * `exactly` is there, a request for the whole cluster may name namespaces in its place.
   */
  readonly access: RuleAccess;
  readonly duration: {
    /** Written as in a request: `4h`. */
    readonly max: string;
    readonly maxSeconds: number;
    /** The duration of a request that names none. */
    readonly default: string;
    readonly defaultSeconds: number;
    readonly minimum: string;
    readonly minimumSeconds: number;
  };
  /** When a request and its start may be; null for always. */
  readonly hours: HoursAnswer | null;
  /** How often the policy itself approves the caller's requests; null for any number. */
  readonly atMost: {
    readonly times: number;
    readonly per: string;
    readonly perSeconds: number;
  } | null;
  /** How far after its request a start may lie. */
  readonly start: { readonly latest: string; readonly latestSeconds: number };
  /** How long a request waits for its approvals, written as in `access.yaml`. */
  readonly lapse: string;
  readonly lapseSeconds: number;
  /** All must be met, each by different people; empty if the policy itself approves. */
  readonly requirements: readonly ApproversOf[];
  /** The same for what the caller asks for through an agent. Absent where it makes no difference. */
  readonly agents?: readonly ApproversOf[];
  readonly reason: {
    readonly minLength: number;
    /** A regular expression that some word of the reason must match; null for none. */
    readonly ticket: string | null;
  };
  /** Lends without an approver. A request gets this rule last, or by its name. */
  readonly breakGlass: boolean;
  /** The schedule of whoever may ask: one of `onCall` below. Absent where everybody may at any time. */
  readonly onCall?: string;
  /** Access ends with the shift at the latest. Absent where it does not. */
  readonly endsWithShift?: true;
  /** The terms for the one ticket of a request. Absent where it asks no tracker. */
  readonly ticket?: TicketTerms;
  /** Access ends once the ticket is closed. Absent where it does not. */
  readonly endsWithTicket?: true;
  /** The review that follows each grant of a break-glass rule. */
  readonly review?: ReviewAnswer;
  /** Absent where no grant of the rule can be extended. */
  readonly extend?: ExtendAnswer;
  /** The caller's principals that the rule can lend to, on any of its clusters. */
  readonly principals: readonly string[];
}

/** A cluster on which some rule can lend something to the caller. */
export interface AccessClusterAnswer {
  /** The name in `access.yaml`. */
  readonly name: string;
  readonly arn: string;
  /**
   * Why nothing can be lent there now, by what converge last saw: `cluster-gone`, or `authentication-mode` for CONFIG_MAP.
   * Absent where nothing is in the way, and where nobody has looked yet.
   */
  readonly obstacle?: "cluster-gone" | "authentication-mode";
}

/** `GET /v1/access`: what the caller may ask for. Rules for other people are left out. */
export interface AccessAnswer {
  readonly person: string;
  readonly principals: readonly string[];
  /** The clusters of the rules below, in the order in which the rules name them. */
  readonly clusters: readonly AccessClusterAnswer[];
  /** In the order of `access.yaml`. */
  readonly rules: readonly AccessRuleAnswer[];
  /** The schedules that the rules name; for admins and auditors all. Absent without any. */
  readonly onCall?: readonly OnCallNow[];
  /** Absent unless a suspension or a drain refuses every request. */
  readonly stopped?: StoppedAnswer;
}
