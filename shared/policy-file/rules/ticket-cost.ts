/**
 * Estimates how long a regular expression of `access.yaml` may take. JavaScript's engine tries one
 * way to match after another. A pattern with too many ways could run for hours on one reason.
 * https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
 */
import { LONGEST_REASON } from "../../domain/policy/reason.ts";

/**
 * The limit. Two unlimited repetitions are below it, and so are three in a pattern that begins with
 * `^`. The slowest of these take a tenth of a second.
 */
const MOST_WAYS = 2e8;

/** Whether a valid pattern is fast on any reason. Pure. */
export function isQuick(pattern: string): boolean {
  const starts = /^\^[^|]*$/.test(pattern) ? 1 : LONGEST_REASON;
  return starts * new Ways(pattern).ofPattern() <= MOST_WAYS;
}

/** The least and most repetitions that a quantifier allows. */
type Repetition = readonly [number, number];

const QUANTIFIER = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/;
const SIGNS: Readonly<Record<string, Repetition>> = {
  "*": [0, Number.POSITIVE_INFINITY],
  "+": [1, Number.POSITIVE_INFINITY],
  "?": [0, 1],
};

/** Counts the ways in which the parts of a pattern can match: an upper limit of the paths tried. */
class Ways {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** Adds the alternatives up to the end, or to the closing bracket. */
  ofPattern(): number {
    let ways = this.#ofSequence();
    while (this.#skip("|")) ways += this.#ofSequence();
    return ways;
  }

  /** Multiplies the ways of consecutive parts. */
  #ofSequence(): number {
    let ways = 1;
    while (this.#at < this.#pattern.length && !"|)".includes(this.#next)) {
      const part = this.#ofPart();
      ways *= repeated(part, this.#repetition());
    }
    return ways;
  }

  #ofPart(): number {
    if (!this.#skip("(")) return this.#ofCharacter();
    this.#skipMatch(/^\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:)/);
    const ways = this.ofPattern();
    this.#skip(")");
    return ways;
  }

  /** A character, an escape or a class matches in one way. */
  #ofCharacter(): number {
    this.#skipMatch(/^(?:\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\]|[\s\S])/);
    return 1;
  }

  #repetition(): Repetition {
    const found = this.#skipMatch(QUANTIFIER);
    if (!found) return [1, 1];
    const [, sign, least, comma, most] = found;
    if (sign !== undefined) return SIGNS[sign] ?? [1, 1];
    const from = Number(least);
    if (comma === "") return [from, from];
    return [from, most === "" ? Number.POSITIVE_INFINITY : Number(most)];
  }

  get #next(): string {
    return this.#pattern.charAt(this.#at);
  }

  #skip(text: string): boolean {
    const isNext = this.#pattern.startsWith(text, this.#at);
    if (isNext) this.#at += text.length;
    return isNext;
  }

  #skipMatch(form: RegExp): RegExpExecArray | null {
    const found = form.exec(this.#pattern.slice(this.#at));
    this.#at += found?.[0].length ?? 0;
    return found;
  }
}

/** In how many ways a repeated part can match, if it can match once in `ways` ways. */
function repeated(ways: number, [least, most]: Repetition): number {
  const longest = Math.min(most, LONGEST_REASON);
  if (ways === 1) return Math.max(1, longest - least + 1);
  let sum = 0;
  for (let times = least; times <= longest && Number.isFinite(sum); times += 1)
    sum += ways ** times;
  return sum;
}
