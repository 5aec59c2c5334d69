import type { Judgement, Seen } from "./seen.ts";

const judge = ({ archive = [], settledAt }: Seen) =>
  archive.map((detail) => ({ at: settledAt, detail }));

export const ARCHIVE: Judgement = {
  sentence: "The archive of two days verifies, with its seals.",
  judge,
  applies: ({ archive }) => archive !== undefined,
};
