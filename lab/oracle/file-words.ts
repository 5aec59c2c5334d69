/** The words of `access.yaml` and of a claim, as docs/policy.md and docs/access-yaml.md explain them. */

export interface Some {
  readonly people?: readonly string[];
  readonly groups?: readonly string[];
}

export interface PersonWords {
  readonly email: string;
  readonly groups: readonly string[];
  readonly identities: { readonly iam?: readonly string[]; readonly slack?: readonly string[] };
  readonly principals: readonly string[];
  readonly kind?: "machine";
  readonly owners?: readonly string[];
  readonly ownersApprove?: true;
}

export interface NeedWords {
  readonly groups: readonly string[];
  readonly count: number;
  readonly escalate?: { readonly after: string; readonly groups: readonly string[] };
}

export interface RuleWords {
  readonly name: string;
  readonly who: Some;
  readonly clusters: readonly string[];
  readonly access:
    | { readonly policies: readonly string[]; readonly scope: "cluster" }
    | { readonly policies: readonly string[]; readonly namespaces: readonly string[] }
    | { readonly groups: readonly string[] };
  readonly approval: "none" | readonly NeedWords[];
  readonly agents?: { readonly approve: readonly NeedWords[] };
  /** Hours, in all durations here. */
  readonly duration: { readonly max: string };
  readonly extend?: {
    readonly times: number;
    readonly total: string;
    readonly approval?: "none" | "same";
  };
  readonly breakGlass?: true;
  readonly sharedPrincipals?: true;
  readonly foreignPrincipals?: true;
  readonly approverMayHoldPrincipal?: true;
  readonly delegable?: false;
  readonly decideIn?: readonly string[];
}

export interface FileWords {
  readonly version: 1;
  readonly clusters: Readonly<Record<string, { readonly arn: string; readonly retired?: true }>>;
  readonly people: Readonly<Record<string, PersonWords>>;
  readonly slack?: object;
  readonly delegations?: {
    readonly allowed: true;
    readonly to?: { readonly groups: readonly string[] };
  };
  readonly roles: { readonly admins: readonly string[] };
  readonly rules: readonly RuleWords[];
}

export interface ClaimWords {
  readonly name: string;
  readonly reach: {
    readonly cluster: string;
    readonly policies?: readonly string[];
    readonly namespaces?: readonly string[];
    readonly direct?: true;
  };
  readonly people?: number;
  readonly who?: Some;
  readonly without?: Some;
  /** Hours. */
  readonly unattended?: string;
  readonly except?: readonly { readonly rule: string; readonly who?: Some }[];
  readonly standing?: true;
}

/** A policy, a claim about it, and the most that Kubernetes groups may do. */
export interface Case {
  readonly file: FileWords;
  readonly claim: ClaimWords;
  readonly groups: Readonly<Record<string, string>>;
}
