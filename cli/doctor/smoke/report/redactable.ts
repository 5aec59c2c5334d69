/**
 * Sentences in which every identifier is marked, so that a report can leave it out. Everything else
 * is text of this program, or a number. Pure.
 */

/** The kind of an identifier: a report has a placeholder of this name in its place. */
type NamedKind =
  | "account"
  | "alarm"
  | "channel"
  | "cluster"
  | "error"
  | "person"
  | "queue"
  | "region"
  | "request"
  | "resource"
  | "role"
  | "sender"
  | "stack"
  | "table"
  | "topic";

interface Named {
  readonly kind: NamedKind;
  readonly text: string;
}

type Piece = string | Named;

/** A sentence, or a part of one. */
export interface RedactableText {
  readonly pieces: readonly Piece[];
}

/** A template whose own text may be shown to everybody. No other text gets in unmarked. */
export function redactable(
  literals: TemplateStringsArray,
  ...values: readonly (number | RedactableText)[]
): RedactableText {
  const pieces = literals.flatMap((literal, at): readonly Piece[] => {
    const value = values[at];
    const more = typeof value === "object" ? value.pieces : value === undefined ? [] : [`${value}`];
    return [literal, ...more];
  });
  return { pieces: pieces.filter((piece) => piece !== "") };
}

/** An identifier. */
export const named = (kind: NamedKind, text: string): RedactableText => ({
  pieces: [{ kind, text }],
});

/** A time span as people read it: `1.4 s`, `2 min 10 s`. */
export function seconds(value: number): RedactableText {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  const [minutes, rest] = [Math.floor(rounded / 60), Math.round(rounded % 60)];
  if (rounded < 120) return { pieces: [`${rounded} s`] };
  return { pieces: [rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`] };
}

/** Several, apart by commas. */
export const listed = (all: readonly RedactableText[]): RedactableText => ({
  pieces: all.flatMap(({ pieces }, at) => (at === 0 ? pieces : [", ", ...pieces])),
});

/** As it is, for whoever ran the command. */
export const shown = ({ pieces }: RedactableText): string =>
  pieces.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");

/** Gives each identifier the same placeholder each time. */
export type Hide = (sentence: RedactableText) => string;

/** Names of errors that AWS's services document, and of a machine's network. All others are hidden. */
const PUBLIC_ERROR =
  /^(?:AccessDenied|Unauthorized|Throttling|Validation|ResourceNotFound|ResourceInUse|ResourceLimitExceeded|InvalidParameter|InvalidRequest|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|NoSuchEntity|LimitExceeded|MalformedPolicyDocument|Conflict|ServiceUnavailable|Server|Client|InternalFailure|InternalServer|Timeout|Credentials(?:Provider)?|ServiceQuotaExceeded|InvalidParameterValue|ReceiptHandleIsInvalid|EntityAlreadyExists|InvalidTarget|QueueDeletedRecently|InvalidRestoreTime|PointInTimeRecoveryUnavailable)(?:Exception|Error)?$/;

const REGION =
  /^(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov)-(?:(?:north|south|east|west|central){1,2})-\d$/;

/** Answers a function for one report: it numbers placeholders in the order in which it meets them. */
export function hiding(): Hide {
  const numbers = new Map<string, string>();
  const counts = new Map<NamedKind, number>();
  const placeholder = ({ kind, text }: Named): string => {
    const known = numbers.get(`${kind} ${text}`);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    numbers.set(`${kind} ${text}`, `<${kind}-${count}>`);
    return `<${kind}-${count}>`;
  };
  const isPublic = ({ kind, text }: Named): boolean =>
    (kind === "error" && PUBLIC_ERROR.test(text)) || (kind === "region" && REGION.test(text));
  return ({ pieces }) =>
    pieces
      .map((piece) =>
        typeof piece === "string" ? piece : isPublic(piece) ? piece.text : placeholder(piece),
      )
      .join("");
}
