/**
 * The requests of people in chaos, and their approvers: the sample's rules, and some of chaos's
 * own.
 */

/** An access as the API takes it. */
export type AskedAccess =
  | {
      readonly policy: string;
      readonly scope:
        | { readonly type: "cluster" }
        | { readonly type: "namespace"; readonly namespaces: readonly string[] };
    }
  | { readonly groups: readonly string[] };

interface Terms {
  readonly cluster: string;
  readonly access: AskedAccess;
  /** The people who may ask. */
  readonly people: readonly string[];
  /** The people who must approve, each of them; nobody if the policy approves by itself. */
  readonly approvers: readonly string[];
  /** Whether its rule lets it be extended. */
  readonly extends: boolean;
}

const within = (policy: string, ...namespaces: readonly string[]): AskedAccess => ({
  policy,
  scope: { type: "namespace", namespaces },
});
const whole = (policy: string): AskedAccess => ({ policy, scope: { type: "cluster" } });

const PAYMENTS = ["alice", "dave", "mallory"];

const TERMS = {
  "edit-api": {
    cluster: "prod",
    access: within("AmazonEKSEditPolicy", "payments-api"),
    people: PAYMENTS,
    approvers: ["bob"],
    extends: true,
  },
  "edit-both": {
    cluster: "prod",
    access: within("AmazonEKSEditPolicy", "payments-api", "payments-worker"),
    people: PAYMENTS,
    approvers: ["bob"],
    extends: true,
  },
  "view-worker": {
    cluster: "prod",
    access: within("AmazonEKSViewPolicy", "payments-worker"),
    people: PAYMENTS,
    approvers: ["bob"],
    extends: true,
  },
  "edit-worker": {
    cluster: "prod",
    access: within("AmazonEKSEditPolicy", "payments-worker"),
    people: PAYMENTS,
    approvers: ["bob"],
    extends: true,
  },
  "view-api": {
    cluster: "prod",
    access: within("AmazonEKSViewPolicy", "payments-api"),
    people: PAYMENTS,
    approvers: ["bob"],
    extends: true,
  },
  "view-both": {
    cluster: "prod",
    access: within("AmazonEKSViewPolicy", "payments-api", "payments-worker"),
    people: PAYMENTS,
    approvers: ["bob"],
    extends: true,
  },
  "admin-api": {
    cluster: "prod",
    access: within("AmazonEKSAdminPolicy", "payments-api"),
    people: PAYMENTS,
    approvers: ["bob", "carol"],
    extends: false,
  },
  "view-staging": {
    cluster: "staging",
    access: whole("AmazonEKSViewPolicy"),
    people: ["alice", "dave", "mallory", "bob", "carol"],
    approvers: [],
    extends: false,
  },
  "rbac-staging": {
    cluster: "staging",
    access: { groups: ["eks-admins"] },
    people: PAYMENTS,
    approvers: ["bob"],
    extends: false,
  },
  "view-overseas": {
    cluster: "overseas",
    access: whole("AmazonEKSViewPolicy"),
    people: ["heidi"],
    approvers: ["bob"],
    extends: false,
  },
  "break-glass": {
    cluster: "prod",
    access: whole("AmazonEKSClusterAdminPolicy"),
    people: ["carol"],
    approvers: [],
    extends: false,
  },
} as const satisfies Readonly<Record<string, Terms>>;

/** Terms of rules that ask other services, which only scenes ask for. */
const OUTSIDE_TERMS = {
  "view-on-call": {
    cluster: "prod",
    access: within("AmazonEKSAdminViewPolicy", "payments-api"),
    people: ["dave"],
    approvers: [],
    extends: false,
  },
  "view-ticket": {
    cluster: "prod",
    access: within("AmazonEKSAdminViewPolicy", "payments-api"),
    people: ["alice"],
    approvers: [],
    extends: false,
  },
} as const satisfies Readonly<Record<string, Terms>>;

export type TermsName = keyof typeof TERMS | keyof typeof OUTSIDE_TERMS;

/** The terms that anybody may ask for at any time. */
export const TERMS_NAMES = Object.keys(TERMS) as readonly (keyof typeof TERMS)[];

export const termsOf = (name: TermsName): Terms => ({ ...TERMS, ...OUTSIDE_TERMS })[name];

/** The fields of a request under these terms. */
export function askedOf(
  name: TermsName,
  namespace: string | undefined,
): Pick<Terms, "cluster" | "access"> {
  const { cluster, access } = termsOf(name);
  return namespace === undefined || "groups" in access
    ? { cluster, access }
    : { cluster, access: within(access.policy, namespace) };
}
