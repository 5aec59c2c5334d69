import type { Rule } from "../../domain/policy/policy.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import type { ExtendAnswer } from "./access-answer.ts";

/** How a grant of a rule can be extended, as a member of an answer; no member where it cannot. */
export const extendMember = ({ extend }: Rule): { readonly extend?: ExtendAnswer } =>
  extend
    ? {
        extend: {
          times: extend.times,
          total: formatDuration(extend.totalSeconds),
          totalSeconds: extend.totalSeconds,
          approval: extend.approval,
        },
      }
    : {};
