/** Messages about three things that alice asked for at once: while all wait, and once two are decided. */
import type { Notice } from "../shared/domain/notices/notice.ts";
import { noticesTogether } from "../shared/domain/notices/notices-together.ts";
import type { AccessPolicy } from "../shared/domain/policy/policy.ts";
import { digestOf } from "../shared/domain/requests/digest.ts";
import type { AccessRequest, State } from "../shared/domain/requests/request.ts";

/** The access of the third. */
export const VIEWED_ACCESS: AccessRequest["access"] = {
  policy: "AmazonEKSViewPolicy",
  scope: { type: "namespace", namespaces: ["payments-web"] },
};

/** @param partsIn the parts, in a state of the first and the last */
export const galleryTogether = (
  policy: AccessPolicy,
  partsIn: (state: State) => readonly AccessRequest[],
): readonly (readonly [name: string, notice: Notice])[] =>
  (["pending", "active", "denied"] as const).flatMap((state) => {
    const [first, ...others] = asked(partsIn(state));
    if (!first) return [];
    return noticesTogether(policy, first, others, first.createdAt)
      .notices.filter(({ parts }) => parts !== undefined)
      .map((notice) => [`together-${state}-${notice.key.replace("@", "-")}`, notice] as const);
  });

/** The same with ids of their own, each naming the others. */
function asked(parts: readonly AccessRequest[]): readonly AccessRequest[] {
  const ids = parts.map((_, at) => `019ab5c0-0000-7000-8000-00000000000${at + 1}`);
  return parts.map((part, at) => {
    const made = { ...part, id: ids[at] ?? "", askedWith: ids.filter((_, of) => of !== at) };
    return { ...made, digest: digestOf(made) };
  });
}
