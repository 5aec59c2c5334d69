/** The structure of a rule's `extend` in `access.yaml`. */
import * as z from "zod/mini";
import { MOST_EXTENSIONS } from "../../domain/policy/extension.ts";
import { EXTENSION_APPROVALS, type RuleExtension } from "../../domain/policy/policy.ts";
import { Duration } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

export const EXTEND_NOTES = {
  "rules.*.extend": {
    description: "How a grant can be extended; without it, no grant of the rule can.",
    default: null,
    examples: [{ times: 2, total: "8h", approval: "same" }],
  },
  "rules.*.extend.times": {
    description: "How many extensions may follow a grant, one after the other: 1 to 10.",
    default: 1,
    examples: [2],
  },
  "rules.*.extend.total": {
    description: "The longest time from the first start to the last end.",
    examples: ["8h"],
  },
  "rules.*.extend.approval": {
    description: "same: who approves the rule approves its extensions. none: nobody has to.",
    default: "same",
    examples: ["same"],
  },
} as const satisfies KeyNotes;

const key = keyWith(EXTEND_NOTES);

export const ExtendFile = z.strictObject({
  times: key("rules.*.extend.times", z.optional(z.int().check(z.gte(1), z.lte(MOST_EXTENSIONS)))),
  total: key("rules.*.extend.total", Duration),
  approval: key("rules.*.extend.approval", z.optional(z.enum(EXTENSION_APPROVALS))),
});

/** As the broker judges by it, with what holds where a key is absent. */
export const compileExtend = ({
  times,
  total,
  approval,
}: z.output<typeof ExtendFile>): RuleExtension => ({
  times: times ?? 1,
  totalSeconds: total,
  approval: approval ?? "same",
});
