/** Trust policies of personal roles, as IAM takes them. */

/** IAM's limit for a trust policy, without white space, unless a quota is raised. */
export const LONGEST_TRUST = 2_048;

export interface TrustStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Principal: Readonly<Record<string, string | readonly string[]>>;
  readonly Condition: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export interface TrustPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly TrustStatement[];
}

/** A statement that lets a principal assume the role under a condition. */
export const assumeRole = (
  Sid: string,
  Principal: TrustStatement["Principal"],
  Condition: TrustStatement["Condition"],
): TrustStatement => ({ Sid, Effect: "Allow", Action: "sts:AssumeRole", Principal, Condition });
