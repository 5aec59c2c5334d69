/** Answers to the words of `/access` that ask for nothing. */

/** The fault in a command's words. */
export const otherClusterText = (clusters: readonly string[], word: string): string =>
  `You may ask for ${clusters.join(", ") || "nothing"}, not for ${word}.`;
export const otherChoiceText = (cluster: string, choices: readonly string[]): string =>
  `On ${cluster} you may ask for: ${choices.join("; ")}. After the policy come its namespaces, or the word cluster.`;

/** @param meant the duration that it probably meant; undefined where nothing is near */
export const noDurationText = (
  text: string,
  meant: string | undefined,
  secondsAllowed: boolean,
): string =>
  `"${text.slice(0, 40)}" is not a duration${meant === undefined ? "." : `; did you mean ${meant}?`} A duration is one word, in whole numbers of ${secondsAllowed ? "d, h, m and s" : "d, h and m"} in that order, such as 90m or 1h30m.`;

/** @param names with commas, and without blanks */
export const spacedNamespacesText = (names: string): string =>
  `Namespaces are one word, with commas and without spaces: ${names.slice(0, 300)}.`;

export const nothingDoneText = (faults: readonly string[]): string =>
  `${faults.join(" ")} Nothing was done.`;
