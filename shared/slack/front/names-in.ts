/** The names in a text, each once. They are separated by commas, spaces or lines. */
export const namesIn = (text: string | undefined): readonly string[] => [
  ...new Set((text ?? "").split(/[\s,]+/).filter((name) => name !== "")),
];
