/** Notes on the keys of `expected` in `access.yaml`: see `key-notes.ts`. */
export const EXPECTED_NOTES = {
  expected: {
    description:
      "Who else may change access entries. Their changes are counted and listed, and are no findings.",
    default: [],
    examples: [[{ principal: "eks.amazonaws.com", reason: "entries of node groups" }]],
  },
  "expected.*.principal": {
    description: "The ARN of an IAM role or user, or the name of an AWS service.",
    examples: ["eks.amazonaws.com"],
  },
  "expected.*.reason": {
    description: "Why its changes are expected.",
    examples: ["entries of node groups"],
  },
} as const;
