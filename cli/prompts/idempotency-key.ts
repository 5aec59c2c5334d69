import { randomUUID } from "node:crypto";
import { Failure } from "../failures/failure.ts";

/** An idempotency key as the API takes it. */
const KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * The key under which a command makes something: the one that was given, or a fresh one.
 *
 * @throws Failure `usage` where no header can hold it
 */
export function idempotencyKey(command: "request" | "extend" | "delegate", given?: string): string {
  if (given === undefined) return randomUUID();
  if (KEY.test(given)) return given;
  throw new Failure("usage", "usage", {
    what: "--idempotency-key takes 1 to 128 visible ASCII characters, without spaces.",
    notDone: "Nothing was sent.",
    next: [`Next: see timelatch ${command} --help.`],
  });
}
