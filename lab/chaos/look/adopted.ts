/**
 * Reads converge's log about entries whose access it took for others'. A grant that no table knows may be
 * among it.
 */
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { groupOf } from "../../../test/e2e/table-intruder.ts";
import type { Adopted } from "../judge/seen.ts";

const LINE = /^.*"(?:entry adopted by others|fuse given up)".*$/gm;
const TIME = /"timestamp":"([^"]+)"/;
const BINDING = /"binding":"([^"]+)"/;

/**
 * @param log of the sandbox
 * @param requests that were answered: their entries have names
 */
export function adoptedIn(
  log: string,
  requests: readonly Pick<RequestAnswer, "cluster" | "clusterArn" | "principalArn">[],
): readonly Adopted[] {
  const lines = log.match(LINE) ?? [];
  if (lines.length === 0) return [];
  const places = new Map(requests.map((request) => [groupOf(request), request]));
  return lines.flatMap((line) => {
    const place = places.get(BINDING.exec(line)?.[1] ?? "");
    if (!place) return [];
    const { cluster, principalArn } = place;
    return { cluster, principalArn, at: Date.parse(TIME.exec(line)?.[1] ?? "") };
  });
}
