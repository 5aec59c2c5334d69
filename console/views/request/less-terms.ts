/** The terms that an approver leaves of those asked for. */
import type { Access } from "../../../shared/domain/requests/request.ts";
import { formatDuration } from "../../../shared/domain/values/duration.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";

export interface LessTerms {
  readonly seconds: number;
  readonly access: Access;
}

export type Asked = Pick<RequestAnswer, "access" | "durationSeconds" | "breakGlass" | "extends">;

export const lessTermsOf = ({ access, durationSeconds }: Asked): LessTerms => ({
  access,
  seconds: durationSeconds,
});

export const namespacesOf = (access: Access): readonly string[] =>
  "policy" in access && access.scope.type === "namespace" ? access.scope.namespaces : [];

export const isLessThan = (asked: Asked, { seconds, access }: LessTerms): boolean =>
  seconds < asked.durationSeconds ||
  namespacesOf(access).length < namespacesOf(asked.access).length;

/** The member `less` of a decision. */
export function lessBody(asked: Asked, { seconds, access }: LessTerms) {
  const namespaces = namespacesOf(access);
  return {
    ...(seconds < asked.durationSeconds ? { duration: formatDuration(seconds) } : {}),
    ...(namespaces.length < namespacesOf(asked.access).length ? { namespaces } : {}),
  };
}

/** The step of the slider: the longest of these that divides the time into two or more. */
export function stepOf(seconds: number): number {
  const units = [3_600, 1_800, 900, 300, 60, 5, 1];
  return units.find((unit) => seconds % unit === 0 && seconds / unit >= 2) ?? seconds;
}
