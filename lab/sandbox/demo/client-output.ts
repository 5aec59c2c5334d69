/** Reads what the clients print. */
import type { AccessAnswer } from "./access-review.ts";
import type { Outcome } from "./run-client.ts";

const filled = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line.trim() !== "");

/** The lines of an outcome that the demo shows: the first `lines`, or the error's first line. */
export function answerLines({ code, stdout, stderr }: Outcome, lines: number): readonly string[] {
  const errors = filled(stderr);
  // `audit export` writes its summary to stderr, since stdout may be the export.
  if (code === 0) return (stdout === "" ? errors : filled(stdout)).slice(0, lines);
  // `approve` shows the request above its error.
  return errors.slice(errors.findIndex((line) => /^(timelatch|error): /.test(line))).slice(0, 1);
}

/** The answer of `kubectl auth can-i`; undefined where it printed none. */
export function canIAnswer({ code, stdout, stderr }: Outcome): AccessAnswer | undefined {
  const printed = stdout.trim();
  if (code === 0 && printed === "yes") return "yes";
  // A reason may follow: `no - not allowed by …`.
  if (code === 1 && /^no\b/.test(printed)) return "no";
  return code === 1 && stderr.includes("(Unauthorized)") ? "unauthorized" : undefined;
}
