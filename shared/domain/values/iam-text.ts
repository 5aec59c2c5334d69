/** The characters of IAM's documents: those of Latin-1 that can be seen, and three that are space. */

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const FOREIGN = /[^\t\n\r\u0020-\u00ff]/gu;

/** Characters of a text that IAM refuses, each once. */
export const foreignToIam = (text: string): readonly string[] => [
  ...new Set(text.match(FOREIGN) ?? []),
];
