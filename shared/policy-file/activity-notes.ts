/** Notes on the keys of `activity`: see `key-notes.ts`. */
export const ACTIVITY_NOTES = {
  "clusters.*.activity": {
    description:
      "Asks the cluster's audit log at the end of each grant what was done with it. CloudWatch charges for each GB that is scanned.",
    default: null,
    examples: [{ maxScanGb: 10 }],
  },
  "clusters.*.activity.maxScanGb": {
    description:
      "The most that may be scanned for one grant, in GB. Above it nothing is read, and the evidence says so.",
    examples: [10],
  },
} as const;
