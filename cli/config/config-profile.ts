/** Profiles of the configuration file: one for each deployment that a person works with. */
import { Failure } from "../failures/failure.ts";

/** Names that a shell and a file of completion take as they are. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Stands for what is outside of profiles. */
const OUTSIDE = "default";

/**
 * The profile that `--profile` or `TIMELATCH_PROFILE` names; undefined for none, and for `default`.
 *
 * @throws Failure `usage` for what is no name
 */
export function profileOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const name = env["TIMELATCH_PROFILE"];
  if (!name || name === OUTSIDE) return undefined;
  if (NAME.test(name)) return name;
  throw new Failure("usage", "config-profile-name", {
    what: `${JSON.stringify(name)} is no name of a profile.`,
    notDone: "Nothing was sent.",
    next: ["Next: use letters, digits, dots, dashes and underscores, 64 at most."],
  });
}
