/** The `timelatch` command: runs one command line, and ends with one of `EXIT_CODES`. */
import { calledAs } from "./called-as.ts";
import { runCommandLine } from "./run-command-line.ts";
import { endWithReader, processScreen } from "./terminal/screen.ts";

endWithReader();
const screen = processScreen(process.env);
// Without `await` here, the command can also be bundled as CommonJS, which single executables need.
runCommandLine(process.argv.slice(2), screen, process.env, calledAs()).then((code) => {
  // A call that nobody waits for must not keep the process alive.
  process.stdout.write("", () => process.exit(code));
});
