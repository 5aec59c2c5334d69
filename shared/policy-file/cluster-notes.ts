/** Notes on the keys of `clusters`: see `key-notes.ts`. */
export const CLUSTER_NOTES = {
  clusters: {
    description: "The clusters, by the name that rules and people use.",
    examples: [{ prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }],
  },
  "clusters.*.arn": {
    description: "The cluster's ARN.",
    examples: ["arn:aws:eks:us-west-2:111122223333:cluster/prod"],
  },
  "clusters.*.retired": {
    description:
      "Lends nothing new on the cluster. What is lent there still ends. Only a cluster that was deployed so may leave the file.",
    default: false,
    examples: [true],
  },
} as const;
