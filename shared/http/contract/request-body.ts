/**
 * The bodies that the API accepts, with AWS's own names. Strict: an unknown member is an error. Each
 * schema is made where a call needs it: made at load, all of them would delay every first call.
 */

import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import type { ExtensionAsk } from "../../domain/policy/judge-extension.ts";
import { LONGEST_REASON } from "../../domain/policy/reason.ts";
import type { Ask, DryAsk } from "../../domain/requests/ask.ts";
import type { Settings } from "../../domain/settings.ts";
import { isAccessPolicyName, parsePrincipalArn } from "../../domain/values/arn.ts";
import { parseDuration } from "../../domain/values/duration.ts";
import { isNamespacePattern } from "../../domain/values/namespace-pattern.ts";
import { readInstant } from "./instant-text.ts";
import { ticketName } from "./ticket-body.ts";

// Without a locale, zod/mini only says "Invalid input".
z.config(en());

const namespace = () =>
  z.string().check(
    z.refine(
      isNamespacePattern,
      "A namespace has 1 to 63 lower-case letters, digits and dashes (RFC 1123).",
    ),
    z.meta({
      description: "A namespace, or a pattern in which * matches any characters.",
      pattern: "^[-a-z0-9*]{1,63}$",
      examples: ["payments-api"],
    }),
  );

/** A name that stands twice is asked for once. */
const once = () => z.transform((names: string[]) => [...new Set(names)]);

export const namespaceNames = () =>
  z.pipe(
    z
      .array(namespace())
      .check(
        z.minLength(1, "Name at least one namespace; an empty list is not the whole cluster."),
        z.maxLength(50, "Name at most 50 namespaces."),
      ),
    once(),
  );

const scope = () =>
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("cluster") }),
    z.strictObject({ type: z.literal("namespace"), namespaces: namespaceNames() }),
  ]);

const access = () =>
  z
    .union([
      z.strictObject({
        policy: z
          .string()
          .check(
            z.refine(isAccessPolicyName, "Name an EKS access policy, such as AmazonEKSViewPolicy."),
            z.meta({ pattern: "^[A-Za-z0-9]{1,100}$", examples: ["AmazonEKSViewPolicy"] }),
          ),
        scope: scope(),
      }),
      z.strictObject({
        groups: z.pipe(
          z
            .array(z.string().check(z.minLength(1), z.maxLength(128)))
            .check(z.minLength(1, "Name at least one group."), z.maxLength(10)),
          once(),
        ),
      }),
    ])
    .check(z.meta({ description: "One EKS access policy with its scope, or Kubernetes groups." }));

/**
 * Letters, marks, numbers, punctuation, symbols and spaces, without those that nobody sees: variation selectors,
 * fillers, the blank Braille pattern. No line breaks.
 */
export const reasonText = () =>
  z.string().check(
    z.minLength(1, "Say why."),
    z.maxLength(LONGEST_REASON, `A reason has at most ${LONGEST_REASON} characters.`),
    z.regex(
      // biome-ignore lint/complexity/useRegexLiterals: V8 would read Unicode's tables for a literal at every load
      new RegExp(String.raw`^(?:(?![\p{DI}\u2800])[\p{L}\p{M}\p{N}\p{P}\p{S} ])*$`, "u"),
      "A reason is one line of visible characters and spaces. Some emoji end in an invisible one.",
    ),
  );

export const instant = () =>
  z.pipe(
    z.string().check(
      z.refine(
        (text) => readInstant(text) !== undefined,
        "Write an instant in UTC, such as 2026-11-24T10:00:00Z.",
      ),
      z.meta({ format: "date-time", examples: ["2026-11-24T10:00:00Z"] }),
    ),
    z.transform((text: string) => readInstant(text) ?? text),
  );

const clusterName = () =>
  z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(100),
      z.meta({ description: "The cluster's name in access.yaml.", examples: ["prod"] }),
    );

const principalArn = () =>
  z.string().check(
    z.refine(
      (text) => parsePrincipalArn(text) !== undefined,
      "Write the ARN of an IAM role or user with its path, not of a session or root.",
    ),
    z.meta({
      description: "Needed only if you have several principals in the cluster's account.",
      examples: ["arn:aws:iam::111122223333:role/people/alice"],
    }),
  );

/** A deployment's settings about durations. */
export type DurationSettings = Pick<Settings, "secondsAllowed" | "minimumDurationSeconds">;

/** A duration as text, which becomes seconds. */
export function durationText(
  { secondsAllowed, minimumDurationSeconds }: DurationSettings,
  meaning = "Defaults to the rule's duration.",
) {
  const seconds = (text: string): number | null => {
    try {
      return parseDuration(text, secondsAllowed);
    } catch {
      return null;
    }
  };
  const units = secondsAllowed ? "d, h, m and s" : "d, h and m";
  return z.pipe(
    z.string().check(
      z.refine(
        (text) => (seconds(text) ?? 0) >= minimumDurationSeconds,
        `Write whole numbers of ${units} in that order, such as 1h30m; at least ${minimumDurationSeconds} seconds in all.`,
      ),
      z.meta({
        description: `Whole numbers of d, h and m in that order. ${meaning}`,
        pattern: secondsAllowed
          ? "^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?$"
          : "^(\\d+d)?(\\d+h)?(\\d+m)?$",
        examples: ["1h30m"],
      }),
    ),
    z.transform((text: string) => seconds(text) ?? 0),
  );
}

/** `POST /v1/requests` */
export const requestBody = (settings: DurationSettings) =>
  z.strictObject({
    cluster: clusterName(),
    access: access(),
    duration: z.optional(durationText(settings)),
    reason: reasonText(),
    principalArn: z.optional(principalArn()),
    startsAt: z.optional(instant()),
    rule: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
    ticket: z.exactOptional(ticketName()),
    via: z.exactOptional(via()),
  });

/** `POST /v1/requests/preview` */
export const previewBody = (settings: DurationSettings) =>
  z.extend(requestBody(settings), { reason: z.optional(reasonText()) });

const via = () =>
  z
    .strictObject({
      protocol: z.literal("mcp"),
      client: reasonText().check(z.maxLength(100, "A client's name has at most 100 characters.")),
    })
    .check(
      z.meta({
        description: "The program that asks for its user, by the protocol and by its own name.",
      }),
    );

/** The ask in a body. */
export const askOf = (body: z.output<ReturnType<typeof requestBody>>): Ask =>
  Object.assign(dryAskOf(body), { reason: body.reason });

/** The ask in the body of a preview. */
export const dryAskOf = (body: z.output<ReturnType<typeof previewBody>>): DryAsk => ({
  cluster: body.cluster,
  access: body.access,
  durationSeconds: body.duration ?? null,
  reason: body.reason ?? null,
  principalArn: body.principalArn ?? null,
  startsAt: body.startsAt ?? null,
  rule: body.rule ?? null,
  ...(body.ticket === undefined ? {} : { ticket: body.ticket }),
  ...(body.via ? { via: body.via } : {}),
});

/** `POST /v1/requests/{id}/extend` */
export const extensionBody = (settings: DurationSettings) =>
  z.strictObject({
    duration: z.optional(durationText(settings)),
    reason: z.optional(
      reasonText().check(z.meta({ description: "Defaults to the grant's reason." })),
    ),
  });

/** The terms of an extension in a body. */
export const extensionAskOf = (body: z.output<ReturnType<typeof extensionBody>>): ExtensionAsk => ({
  durationSeconds: body.duration ?? null,
  reason: body.reason ?? null,
});

export const personName = () => z.string().check(z.minLength(1), z.maxLength(64));

/** `POST /v1/requests/{id}/cancel`, `/return`, `/revoke` */
export const endBody = () =>
  z.strictObject({
    note: z.optional(
      reasonText().check(z.meta({ description: "Why. It is kept in the history." })),
    ),
  });

/** `POST /v1/requests/{id}/review` */
export const reviewBody = () =>
  z.strictObject({
    note: reasonText().check(
      z.refine((text) => text.trim() !== "", "Say what you found out."),
      z.meta({ description: "What the access was used for. It is kept for ever." }),
    ),
  });

/** `POST /v1/findings/{findingId}/acknowledgement` */
export const acknowledgementBody = () =>
  z.strictObject({
    note: reasonText().check(
      z.refine((text) => text.trim() !== "", "Say what you found out."),
      z.meta({ description: "What the change was about. It is kept for ever." }),
    ),
  });
