/** Notes on the keys of a rule's `access`: see `key-notes.ts`. */
export const ACCESS_NOTES = {
  "rules.*.access": {
    description:
      "What is lent: policies with scope, policies with namespaces, or Kubernetes groups.",
    examples: [{ policies: ["AmazonEKSViewPolicy"], scope: "cluster" }],
  },
  "rules.*.access.policies": {
    description: "EKS access policies. A request asks for one of them.",
    examples: [["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"]],
  },
  "rules.*.access.scope": {
    description: "Lends the policies on the whole cluster.",
    examples: ["cluster"],
  },
  "rules.*.access.namespaces": {
    description:
      "Lends the policies in these namespaces. * matches any characters, but never a kube- namespace.",
    examples: [["payments-*"]],
  },
  "rules.*.access.wildcards": {
    description: "Lets a request ask for a pattern, and not for names only.",
    default: false,
    examples: [true],
  },
  "rules.*.access.groups": {
    description: "Kubernetes groups to lend.",
    examples: [["eks-admins"]],
  },
} as const;
