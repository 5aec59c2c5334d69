import type { Judgement, Seen } from "./seen.ts";

const judge = ({ kubectl }: Seen) =>
  kubectl
    .filter(({ answer }) => answer === "yes")
    .map(({ person, cluster, question, at }) => ({
      at,
      detail: `kubectl says that ${person} may ${question} on ${cluster}.`,
    }));

export const KUBECTL: Judgement = {
  sentence: "Nobody can do with kubectl what was lent to them.",
  judge,
};
