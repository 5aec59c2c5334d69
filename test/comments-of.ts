import { SyntaxKind } from "typescript/unstable/ast";
import { createScanner } from "typescript/unstable/ast/scanner";

/** The prose of one comment, and the line that it begins on. */
export interface Comment {
  readonly line: number;
  readonly text: string;
}

interface Token {
  readonly kind: SyntaxKind;
  readonly text: string;
  readonly start: number;
}

/** After these a slash divides. After anything else it begins a regular expression. */
const ENDS_A_VALUE: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
]);

const TRIVIA: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.SingleLineCommentTrivia,
  SyntaxKind.MultiLineCommentTrivia,
  SyntaxKind.NewLineTrivia,
  SyntaxKind.WhitespaceTrivia,
]);

/** Every token of a source text, spaces and comments among them. */
function tokensOf(source: string): readonly Token[] {
  const scanner = createScanner(false);
  scanner.setText(source);
  const tokens: Token[] = [];
  // One entry for each open brace: true where it is the `${` of a template.
  const braces: boolean[] = [];
  let last = SyntaxKind.Unknown;
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    const slash = kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken;
    if (slash && !ENDS_A_VALUE.has(last)) kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.OpenBraceToken) braces.push(false);
    if (kind === SyntaxKind.TemplateHead) braces.push(true);
    if (kind === SyntaxKind.CloseBraceToken && braces.pop()) {
      kind = scanner.reScanTemplateToken(false);
      if (kind === SyntaxKind.TemplateMiddle) braces.push(true);
    }
    if (!TRIVIA.has(kind)) last = kind;
    tokens.push({ kind, text: scanner.getTokenText(), start: scanner.getTokenStart() });
  }
  return tokens;
}

/** The comments of a source text. Lines of `//` that follow each other are one comment. */
export function commentsOf(source: string): readonly Comment[] {
  const found: (Comment & { readonly end: number; readonly isLine: boolean })[] = [];
  let line = 1;
  let begins = true;
  for (const { kind, text } of tokensOf(source)) {
    const isLine = kind === SyntaxKind.SingleLineCommentTrivia;
    if (isLine || kind === SyntaxKind.MultiLineCommentTrivia) {
      const before = found.at(-1);
      if (isLine && begins && before?.isLine && before.end === line - 1) {
        found.pop();
        found.push({ ...before, text: `${before.text}\n${proseOf(text)}`, end: line });
      } else found.push({ line, text: proseOf(text), end: line, isLine: isLine && begins });
    }
    if (kind === SyntaxKind.NewLineTrivia) begins = true;
    else if (kind !== SyntaxKind.WhitespaceTrivia) begins = false;
    line += text.split("\n").length - 1;
  }
  return found.map(({ line, text }) => ({ line, text }));
}

/** A comment without its slashes and stars. */
function proseOf(comment: string): string {
  return comment
    .replace(/^\/\*\*?|\*\/$|^\/\/+/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n")
    .trim();
}
