/** The `timelatch` command: runs one command line, and ends with one of `EXIT_CODES`. */
import path from "node:path";
import { PLUGIN_COMPLETION } from "./completion/plugin-completion.ts";
import { EXIT_CODES } from "./failures/exit-codes.ts";
import { runCommandLine } from "./run-command-line.ts";
import { processScreen } from "./terminal/screen.ts";

/** A reader that stops reading (`timelatch list | head`) is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT_CODES.done.code : EXIT_CODES.unexpected.code);
});

/** kubectl starts a plugin and its completion by their files' names, and people type two words. */
function calledAs(): string | undefined {
  const names = [process.env["TIMELATCH_CALLED_AS"], process.argv0, process.argv[1]];
  const isCalled = (file: string) => names.some((name) => path.parse(name ?? "").name === file);
  if (isCalled(PLUGIN_COMPLETION)) return PLUGIN_COMPLETION;
  return isCalled("kubectl-timelatch") ? "kubectl timelatch" : undefined;
}

const screen = processScreen(process.env);
// Without `await` here, the command can also be bundled as CommonJS, which single executables need.
runCommandLine(process.argv.slice(2), screen, process.env, calledAs()).then((code) => {
  // A call that nobody waits for must not keep the process alive.
  process.stdout.write("", () => process.exit(code));
});
