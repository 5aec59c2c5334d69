/** The structure of a rule's `extend` in `access.yaml`. */
import * as z from "zod/mini";
import { MOST_EXTENSIONS } from "../../domain/policy/extension.ts";
import { EXTENSION_APPROVALS, type RuleExtension } from "../../domain/policy/policy.ts";
import { Duration } from "../file-values.ts";
import { key } from "../key-notes.ts";

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
