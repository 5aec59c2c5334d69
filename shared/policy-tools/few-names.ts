const SHOWN = 5;

/** `alice, bob`; of many, the first five and how many more there are. */
export const fewNames = (names: readonly string[]): string =>
  names.length <= SHOWN + 1
    ? names.join(", ")
    : `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`;
