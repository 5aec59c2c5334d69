import * as z from "zod/mini";
import { parsePrincipalArn } from "../domain/values/arn.ts";
import { type KeyNotes, keyWith } from "./noted.ts";

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
} as const satisfies KeyNotes;

const key = keyWith(EXPECTED_NOTES);

const Principal = z
  .string()
  .check(
    z.refine(
      (value) =>
        parsePrincipalArn(value) !== undefined ||
        /^[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(value),
      "Write the ARN of an IAM role or user, or the name of an AWS service, such as eks.amazonaws.com.",
    ),
  );
const Reason = z
  .string()
  .check(z.minLength(10, "Write at least ten characters."), z.maxLength(500, "Write at most 500."));

/** Others who may change access entries, as `access.yaml` names them. */
export const ExpectedFile = z.array(
  z.strictObject({
    principal: key("expected.*.principal", Principal),
    reason: key("expected.*.reason", Reason),
  }),
);
