/** An instant for a reader whose time zone is not known: `2026-11-24 18:42 UTC`. */
export const utcText = (instant: string): string =>
  `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
