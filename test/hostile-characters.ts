/** Characters that deceive who reads them, listed apart from the code that hides them. */

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_none, at) => from + at);

/** Code points by what they do. */
export const HOSTILE: Readonly<Record<string, readonly number[]>> = {
  "C0 controls": range(0x00, 0x1f),
  "DEL and C1 controls": range(0x7f, 0x9f),
  "bidirectional controls": [
    0x061c,
    0x200e,
    0x200f,
    ...range(0x202a, 0x202e),
    ...range(0x2066, 0x2069),
  ],
  "zero-width characters": [
    0x00ad,
    0x180e,
    ...range(0x200b, 0x200d),
    ...range(0x2060, 0x2065),
    0xfeff,
  ],
  "tag characters": range(0xe0000, 0xe007f),
  "variation selectors": [...range(0xfe00, 0xfe0f), ...range(0xe0100, 0xe01ef)],
  "line and paragraph separators": [0x2028, 0x2029],
  "blank fillers": [0x115f, 0x1160, 0x2800, 0x3164, 0xffa0],
  "spaces that are no space": [0x00a0, ...range(0x2000, 0x200a), 0x202f, 0x205f, 0x3000],
  "lone surrogates": [0xd800, 0xdbff, 0xdc00, 0xdfff],
  "no characters at all": [0xfffe, 0xffff, 0x1fffe, 0x10ffff, 0xe000],
};

const HOSTILE_POINTS: readonly number[] = Object.values(HOSTILE).flat();

/** All of them in one text, each after a letter, so that no two surrogates make a pair. */
export const HOSTILE_TEXT = HOSTILE_POINTS.map((point) => `x${String.fromCodePoint(point)}`).join(
  "",
);

/** Those that a text holds raw, in hexadecimal. */
export const rawIn = (text: string, except = ""): readonly string[] => {
  const found = new Set([...text].map((char) => char.codePointAt(0)));
  return HOSTILE_POINTS.filter(
    (point) => found.has(point) && !except.includes(String.fromCodePoint(point)),
  ).map((point) => point.toString(16));
};
