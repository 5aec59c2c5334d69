/**
 * Notes on each key of `access.yaml`, by its path: for editors, and for docs/access-yaml.md. A key
 * of every cluster, person or rule has `*` in its path. Each concept's keys are in a file of their
 * own.
 */
import * as z from "zod/mini";
import { ACTIVITY_NOTES } from "./activity-notes.ts";
import { ARCHIVE_NOTES } from "./archive-notes.ts";
import { CLUSTER_NOTES } from "./cluster-notes.ts";
import { EXPECTED_NOTES } from "./expected-notes.ts";
import { DELEGATION_NOTES } from "./people/delegation-notes.ts";
import { IDENTITY_NOTES } from "./people/identity-notes.ts";
import { PEOPLE_NOTES } from "./people/people-notes.ts";
import { ACCESS_NOTES } from "./rules/access-notes.ts";
import { APPROVAL_NOTES } from "./rules/approval-notes.ts";
import { AT_MOST_NOTES } from "./rules/at-most-notes.ts";
import { EXTEND_NOTES } from "./rules/extend-notes.ts";
import { HOURS_NOTES } from "./rules/hours-notes.ts";
import { NOTIFY_NOTES } from "./rules/notify-notes.ts";
import { REASON_NOTES } from "./rules/reason-notes.ts";
import { REVIEW_NOTES } from "./rules/review-notes.ts";
import { RULE_NOTES } from "./rules/rule-notes.ts";
import { TIMES_NOTES } from "./rules/times-notes.ts";
import { SLACK_NOTES } from "./slack-notes.ts";

interface KeyNote {
  readonly description: string;
  /** The value without the key; absent for a required key. */
  readonly default?: unknown;
  readonly examples: readonly [unknown];
}

export const KEY_NOTES = {
  version: { description: "The format of this file.", examples: [1] },
  deployment: {
    description:
      "The name of this deployment, 9 characters at most. Its roles, queues and stacks begin with it, so that several can share an account. It cannot change later: another name is another deployment.",
    default: "timelatch",
    examples: ["staging"],
  },
  ...ACCESS_NOTES,
  ...ACTIVITY_NOTES,
  ...APPROVAL_NOTES,
  ...ARCHIVE_NOTES,
  ...AT_MOST_NOTES,
  ...CLUSTER_NOTES,
  ...DELEGATION_NOTES,
  ...EXPECTED_NOTES,
  ...EXTEND_NOTES,
  ...HOURS_NOTES,
  ...IDENTITY_NOTES,
  ...NOTIFY_NOTES,
  ...PEOPLE_NOTES,
  ...REASON_NOTES,
  ...REVIEW_NOTES,
  ...RULE_NOTES,
  ...SLACK_NOTES,
  ...TIMES_NOTES,
} as const satisfies Readonly<Record<string, KeyNote>>;

/** The schema of a key, with its note as metadata, which `z.toJSONSchema` reads. */
export const key = <Schema extends z.ZodMiniType>(path: keyof typeof KEY_NOTES, schema: Schema) =>
  schema.check(z.meta({ ...KEY_NOTES[path] }) as z.core.$ZodCheck<z.core.output<Schema>>);
