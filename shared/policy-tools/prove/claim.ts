/** A claim that something must never be possible under a policy: `never:` in `access.test.yaml`. */

/** People by name, or members of any of the groups. */
export interface Some {
  readonly people: readonly string[];
  readonly groups: readonly string[];
}

/** Access that somebody could end up with. */
export interface Reach {
  /** The cluster's name in the policy. */
  readonly cluster: string;
  /** Access policies, any of which is meant, with all that they permit; empty for any access. */
  readonly policies: readonly string[];
  /** Names or patterns, any of which is meant; empty for anywhere. */
  readonly namespaces: readonly string[];
  /** Whether a step up to cluster admin is left out: creating pods beside Kubernetes' own parts. */
  readonly isDirect: boolean;
}

/** Ways to the access that a claim does not mean. */
export interface Exception {
  readonly rule: string;
  /** Only for requests of these; of everyone where it is absent. */
  readonly who?: Some;
}

export interface ReachClaim {
  readonly kind: "reach";
  readonly name: string;
  readonly reach: Reach;
  /** Broken where at most this many people act; undefined for any number. */
  readonly people: number | undefined;
  /** The person who ends up with the access; undefined for anybody. */
  readonly who: Some | undefined;
  /** Those who take no part, however many others do. */
  readonly without: Some | undefined;
  /** Broken where the access lasts longer than this while nobody but its holder acts. */
  readonly unattendedSeconds: number | undefined;
  readonly except: readonly Exception[];
  /** Whether delegators who do nothing today lend their standing. */
  readonly standing: boolean;
}

export interface DecidesClaim {
  readonly kind: "decides";
  readonly name: string;
  /** People who must have no part in any approval, as themselves or for somebody else. */
  readonly decides: Some;
}

export type Claim = ReachClaim | DecidesClaim;

/**
 * Rights that the cluster's own RBAC gives groups: at most what the named access policy permits.
 */
export type GroupBounds = Readonly<Record<string, string>>;
