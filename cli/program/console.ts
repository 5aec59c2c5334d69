/** The command that opens the page. */
import { type Command, InvalidArgumentError } from "commander";
import { isUuid } from "../../shared/domain/requests/id-prefix.ts";
import type { ConsoleOptions } from "../commands/console.ts";
import type { Context } from "../context.ts";

export function addConsoleCommand(program: Command, run: (command: Command) => Context): void {
  program
    .command("console")
    .description("open a page in the browser: what you hold, ask for and decide")
    .option(
      "--open <view>",
      `the view to begin with: ${VIEWS.join(", ")} or requests/<id>`,
      parseView,
    )
    .option("--no-open", "print the address and start no browser, for SSH and containers")
    .option("--port <number>", "a fixed port of 127.0.0.1 (default: any that is free)", parsePort)
    .action(async (options: ConsoleOptions, command: Command) => {
      // No other command needs the server and the page.
      const { openConsole } = await import("../commands/console.ts");
      await openConsole(run(command), options);
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError("Write a port from 1 to 65535.");
}

/** A view of the page and what it shows, as `--open` takes it: `mine`, `requests/<id>`. */
const VIEWS = [
  "mine",
  "decide",
  "ask",
  "time-line",
  "clusters",
  "findings",
  "policy",
  "operator",
] as const;

/** Reads it for commander. @throws InvalidArgumentError */
export function parseView(text: string): string {
  const [, id = ""] = /^requests\/(.*)$/.exec(text) ?? [];
  if ((VIEWS as readonly string[]).includes(text) || isUuid(id)) return text;
  throw new InvalidArgumentError(`Write ${VIEWS.join(", ")}, or requests/<id> with the whole id.`);
}
