/** Texts that a requester reads about an approval for less, besides the terms. */
import type { NoticeFacts } from "../domain/notices/notice.ts";
import { ended } from "./sentence-parts.ts";

/** The notes of those who approved less. */
export const lessNotesText = ({ less = [] }: Pick<NoticeFacts, "less">): string =>
  less
    .flatMap(({ by, note }) => (note === undefined ? [] : [ended(`${by} wrote: ${note}`)]))
    .join(" ");

/** The next step of a requester who needs what was taken away. */
export const lessNextText = (id: string): string =>
  `If it is too little, ask again for the rest. Both terms: timelatch show ${id}`;
