import { endProofIn } from "../../../shared/domain/requests/audit-event.ts";
import { elementsOf } from "./lent-time.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** A read shows a state that is up to two seconds old, and clocks differ by one. */
const OLD_MS = 3_500;
/** The other clock, and a look of the watcher. */
const CLOCK_MS = 1_500;

/** An element of a proof, as the watcher writes it. */
function watched(target: string, element: string): string {
  if (element.startsWith("group/")) return `group:${element.slice("group/".length)}`;
  return `${target}:${element === "cluster" ? "*" : element.slice("ns/".length)}`;
}

/** The elements of a grant that were there around the read, and that its proof does not name. */
function unnamed({ request, events }: SeenRequest, { presences }: Seen): readonly Violation[] {
  const settled = events.find(({ type }) => type === "settle");
  const proof = settled && endProofIn(settled);
  if (!settled || !proof?.hadBegun || proof.readAt === null) return [];
  const target = "policy" in request.access ? request.access.policy : "";
  const named = new Set(proof.stayed.map((element) => watched(target, element)));
  const at = Date.parse(proof.readAt);
  const left = elementsOf(request.access).filter(
    (element) =>
      !named.has(element) &&
      presences.some(
        (one) =>
          one.element === element &&
          one.principalArn === request.principalArn &&
          request.clusterArn.endsWith(`/${one.cluster}`) &&
          one.from < at - OLD_MS &&
          one.to > at + CLOCK_MS,
      ),
  );
  if (left.length === 0) return [];
  const detail = `Its end was read back at ${proof.readAt}, and ${left.join(", ")} was there before and after.`;
  return [{ at: Date.parse(settled.at), request: request.id, detail, isFinal: true }];
}

export const PROOFS: Judgement = {
  sentence: "The proof of an end names what of the access stays.",
  judge: (seen) => seen.requests.flatMap((one) => unnamed(one, seen)),
};
