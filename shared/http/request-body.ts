/** The bodies that the API takes, in AWS's own words, strictly: an unknown member is an error. */
import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import { isAccessPolicyName, parsePrincipalArn } from "../domain/arn.ts";
import { parseDuration } from "../domain/duration.ts";
import { isNamespacePattern } from "../domain/namespace-pattern.ts";
import type { Settings } from "../domain/settings.ts";

// Without a locale the small build of zod says only "Invalid input".
z.config(en());

const Namespace = z
  .string()
  .check(
    z.refine(
      isNamespacePattern,
      "A namespace has 1 to 63 lower-case letters, digits and dashes (RFC 1123).",
    ),
  );

const Scope = z.union([
  z.strictObject({ type: z.literal("cluster") }),
  z.strictObject({
    type: z.literal("namespace"),
    namespaces: z
      .array(Namespace)
      .check(
        z.minLength(1, "Name at least one namespace; an empty list is not the whole cluster."),
        z.maxLength(50, "Name at most 50 namespaces."),
      ),
  }),
]);

const Access = z.union([
  z.strictObject({
    policy: z
      .string()
      .check(
        z.refine(isAccessPolicyName, "Name an EKS access policy, such as AmazonEKSViewPolicy."),
      ),
    scope: Scope,
  }),
  z.strictObject({
    groups: z
      .array(z.string().check(z.minLength(1), z.maxLength(128)))
      .check(z.minLength(1, "Name at least one group."), z.maxLength(10)),
  }),
]);

/** Letters, marks, numbers, punctuation, symbols and plain spaces: nothing that hides or breaks lines. */
const Reason = z
  .string()
  .check(
    z.minLength(1, "Say why."),
    z.maxLength(500, "A reason has at most 500 characters."),
    z.regex(
      /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u,
      "A reason is one line of visible characters and spaces.",
    ),
  );

const Instant = z
  .string()
  .check(
    z.refine(
      (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/.test(text) && isTime(text),
      "Write an instant in UTC, such as 2026-11-24T10:00:00Z.",
    ),
  );
const isTime = (text: string) => !Number.isNaN(Date.parse(text));

/** `POST /v1/requests` */
export function requestBody({ secondsAllowed, minimumDurationSeconds }: Settings) {
  const seconds = (text: string): number | null => {
    try {
      return parseDuration(text, secondsAllowed);
    } catch {
      return null;
    }
  };
  const units = secondsAllowed ? "d, h, m and s" : "d, h and m";
  return z.strictObject({
    cluster: z.string().check(z.minLength(1), z.maxLength(100)),
    access: Access,
    duration: z.optional(
      z.pipe(
        z
          .string()
          .check(
            z.refine(
              (text) => (seconds(text) ?? 0) >= minimumDurationSeconds,
              `Write whole numbers of ${units} in that order, such as 1h30m; at least ${minimumDurationSeconds} seconds in all.`,
            ),
          ),
        z.transform((text: string) => seconds(text) ?? 0),
      ),
    ),
    reason: Reason,
    principalArn: z.optional(
      z
        .string()
        .check(
          z.refine(
            (text) => parsePrincipalArn(text) !== undefined,
            "Write the ARN of an IAM role or user with its path; sessions and root are neither.",
          ),
        ),
    ),
    startsAt: z.optional(
      z.pipe(
        Instant,
        z.transform((text: string) => new Date(text).toISOString()),
      ),
    ),
    rule: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  });
}

/** `POST /v1/requests/{id}/decision` */
export const DecisionBody = z.strictObject({
  verdict: z.enum(["approve", "deny"]),
  digest: z.string().check(z.regex(/^[0-9a-f]{64}$/, "Send the digest of the request you read.")),
  note: z.optional(Reason),
});

/** `POST /v1/requests/{id}/cancel`, `/return`, `/revoke` */
export const EmptyBody = z.strictObject({});
