import path from "node:path";

/** The name by which kubectl asks for completion. */
export const PLUGIN_COMPLETION = "kubectl_complete-timelatch";

/**
 * The words that somebody typed for the command. kubectl starts a plugin and its completion by their files' names, and
 * people type two words.
 *
 * @returns undefined for `timelatch`
 */
export function calledAs(): string | undefined {
  const names = [process.env["TIMELATCH_CALLED_AS"], process.argv0, process.argv[1]];
  const isCalled = (file: string) => names.some((name) => path.parse(name ?? "").name === file);
  if (isCalled(PLUGIN_COMPLETION)) return PLUGIN_COMPLETION;
  return isCalled("kubectl-timelatch") ? "kubectl timelatch" : undefined;
}
