/** The parts that the emulated services have in common. */
import type { IncomingHttpHeaders } from "node:http";
import { type HttpAnswer, json } from "../slack/http.ts";
import type { OutsideState } from "./state.ts";

/** A request to a service. Its path does not begin with the host. */
export interface Asked {
  readonly host: string;
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly nowMs: number;
}

/** A service over its own wire protocol. */
export interface EmulatedService {
  readonly hosts: readonly string[];
  /** Answers a request whose token is right. */
  readonly answer: (asked: Asked, state: OutsideState, token: string) => HttpAnswer;
  /** Whether a request carries that token, as the service wants it. */
  readonly isAuthorized: (asked: Asked, token: string) => boolean;
  /** The answer to another token, or to none. */
  readonly unauthorized: HttpAnswer | ((asked: Asked) => HttpAnswer);
  readonly forbidden: HttpAnswer;
  readonly gone: HttpAnswer;
  readonly outage: HttpAnswer;
  /** @param seconds how long it asks to wait */
  readonly busy: (seconds: number, nowMs: number) => HttpAnswer;
}

/** A token that is the value of `Authorization`, in some form. */
const sentAs =
  (form: (token: string) => string): EmulatedService["isAuthorized"] =>
  ({ headers }, token) =>
    headers.authorization === form(token);

/** `name:secret`, as HTTP has it. */
export const basic = sentAs((token) => `Basic ${Buffer.from(token, "utf8").toString("base64")}`);
export const bearer = sentAs((token) => `Bearer ${token}`);

/** A request of which the sandbox does not know what the service would do. */
export class NotEmulated extends Error {
  override readonly name = "NotEmulated";
}

/** @throws NotEmulated for a parameter beyond these */
export function onlyParameters(query: URLSearchParams, ...known: readonly string[]): void {
  const others = [...query.keys()].filter((name) => !known.includes(name));
  if (others.length > 0)
    throw new NotEmulated(`The sandbox does not emulate the parameter ${others.join(", ")} here.`);
}

/** @throws NotEmulated for another value than this */
export function onlyValue(query: URLSearchParams, name: string, value: string): void {
  const given = query.getAll(name);
  if (given.length !== 1 || given[0] !== value)
    throw new NotEmulated(
      `The sandbox emulates ${name}=${value} only, not ${given.join(", ") || "its absence"}.`,
    );
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** An instant in a parameter; NaN where the text is not one. */
export const instantOf = (query: URLSearchParams, name: string): number => {
  const text = query.get(name) ?? "";
  return INSTANT.test(text) ? Date.parse(text) : Number.NaN;
};

export const failed = (status: number, body: unknown, headers = {}): HttpAnswer =>
  json(status, body, headers);

/**
 * A number in a query.
 *
 * @throws NotEmulated where it is not a number from `least` to `most`: services differ in what they do then
 */
export function numberIn(
  query: URLSearchParams,
  name: string,
  { otherwise, least, most }: Readonly<Record<"otherwise" | "least" | "most", number>>,
): number {
  const text = query.get(name);
  const number = text === null ? otherwise : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new NotEmulated(`The sandbox emulates ${name} from ${least} to ${most} only here.`);
}
