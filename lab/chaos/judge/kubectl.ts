import { principalOf } from "../stage/principals.ts";
import type { Judgement, KubectlAnswer, Seen } from "./seen.ts";
import { explainedForGood, isThere } from "./still-there.ts";

/** Whether access of theirs is left there that nothing but the next run of its entry ends, or nobody knows. */
const isLeft = (seen: Seen, { person, cluster }: KubectlAnswer): boolean =>
  seen.presences.some(
    (one) =>
      one.cluster === cluster &&
      one.principalArn === principalOf(person) &&
      isThere(seen, one) &&
      explainedForGood(seen, one),
  );

const judge = (seen: Seen) =>
  seen.kubectl
    .filter((one) => one.answer === "yes" && !isLeft(seen, one))
    .map(({ person, cluster, question, at }) => ({
      at,
      detail: `kubectl says that ${person} may ${question} on ${cluster}.`,
    }));

export const KUBECTL: Judgement = {
  sentence: "Nobody can do with kubectl what was lent to them.",
  judge,
};
