/** Reads the words of a query one after another. */
import { malformed } from "./errors.ts";
import type { Value } from "./query.ts";
import { type Token, unquoted } from "./tokens.ts";

export interface Reader {
  readonly next: Token | undefined;
  /** Takes the next word, whatever it is. */
  take(): Token | undefined;
  /** Takes the next word if it is this one; keywords have any case. */
  takes(text: string): boolean;
  /** @throws AwsError MalformedQueryException unless the next word is this one */
  expect(text: string): void;
  /** A field's name. */
  field(): string;
  /** A field or a constant. */
  value(): Value;
  /** The items that `one` reads, divided by commas. */
  list<Item>(one: () => Item): readonly Item[];
}

export function readerOf(tokens: readonly Token[]): Reader {
  let at = 0;
  const isNext = (text: string) => {
    const token = tokens[at];
    if (token?.kind !== "word" && token?.kind !== "sign") return false;
    return token.text.toLowerCase() === text;
  };
  const reader: Reader = {
    get next() {
      return tokens[at];
    },
    take: () => tokens[at++],
    takes(text) {
      if (!isNext(text)) return false;
      at += 1;
      return true;
    },
    expect(text) {
      if (!reader.takes(text)) throw unexpected(tokens[at], text);
    },
    field() {
      const token = reader.take();
      if (token?.kind === "word") return token.text;
      if (token?.kind === "field") return token.text.slice(1, -1);
      throw unexpected(token, "a field");
    },
    value() {
      const { next } = reader;
      if (next?.kind === "word" || next?.kind === "field")
        return { kind: "field", name: reader.field() };
      reader.take();
      if (next?.kind === "number") return { kind: "constant", text: next.text };
      if (next?.kind === "text") return { kind: "constant", text: unquoted(next.text) };
      throw unexpected(next, "a field or a value");
    },
    list(one) {
      const items = [one()];
      while (reader.takes(",")) items.push(one());
      return items;
    },
  };
  return reader;
}

export const unexpected = (token: Token | undefined, wanted: string) =>
  malformed(`unexpected symbol found ${token?.text ?? "<EOF>"}, where ${wanted} is expected`);
