/** A way to write that readers stumble over, and the words that go in its place. */
interface Pattern {
  readonly name: string;
  readonly found: RegExp;
  readonly instead: string;
}

/** Each is held against one sentence of a comment, its lines joined by spaces. */
export const PATTERNS: readonly Pattern[] = [
  {
    name: "a clause that begins with What",
    found: /^What(?:ever)?\b/,
    instead: "the noun that the clause stands for",
  },
  { name: "a fronted Of", found: /^Of\b/, instead: "the thing first, then whose it is" },
  { name: "a fronted Whose", found: /^Whose\b/, instead: "the thing first, then whose it is" },
  {
    name: "a clause that begins with Who",
    found: /^Who(?:ever|m)?\b/,
    instead: "the person or the role",
  },
  {
    name: "a clause that begins with Which",
    found: /^Which\b/,
    instead: "the noun, with its article",
  },
  {
    name: "a clause with Where that has no main clause",
    found: /^Where\b[^,]*$/,
    instead: "the place, or a sentence",
  },
  {
    name: "none as a pronoun",
    found: /\b(?:is|are|was|were|be|been|has|have|had) none\b/,
    instead: "no and the noun, or is not a",
  },
  {
    name: "alone for only",
    found: /(?<!\b(?:stand|leave|left|let)(?:s|ing)?(?: \w+){0,3} )\balone\b/,
    instead: "only, by itself, or nothing",
  },
  {
    name: "so many or so long for a number with a name",
    found: /\bso (?:many|long)\b(?! as\b)(?!(?: \w+){0,2} that\b)/i,
    instead: "the number's name",
  },
  {
    name: "a fragment that begins with a preposition",
    found:
      /^(?:For\b(?: [^\s,:]+){1,8}[.]|(?:At|By|From|In|On|Through|To|Under|Until|With) (?:wh\w+)\b[^,]*)$/,
    instead: "a sentence with a verb, or a noun first",
  },
  {
    name: "a fragment that limits the sentence before",
    found:
      /^(?:Only|Also|Not|But|Nor|And|Or|Except|Unless) (?:where|for|in|of|when|if|with|after|before)\b(?: [^\s,:]+){0,8}[.]$/,
    instead: "one sentence with its limit",
  },
];

/** A sentence that stays although a pattern finds it. */
interface Kept {
  readonly file: string;
  readonly text: string;
  readonly why: string;
}

export const KEPT: readonly Kept[] = [];

/** Files and folders that are not rewritten yet. A row goes as soon as nothing is found under it. */
export const NOT_YET: readonly string[] = [];
