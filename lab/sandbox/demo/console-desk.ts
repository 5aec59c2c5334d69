/** The console of a person of the demo, and how its page is opened. */
import type { SandboxAddresses } from "../stack/start.ts";
import { clientEnvironment } from "./client-environment.ts";
import type { OpenPage } from "./console-page.ts";
import { type ConsoleTerminal, startConsoleTerminal } from "./console-terminal.ts";
import type { Person } from "./people.ts";

/** A console that starts, and how its page is opened. */
export interface OpenConsole {
  readonly terminal: Promise<ConsoleTerminal>;
  readonly openPage: OpenPage;
}

export interface ConsoleDesk {
  /** Starts `timelatch console`, which takes some seconds of a busy machine. */
  open(person: Person): OpenConsole;
}

interface DeskOptions {
  readonly addresses: SandboxAddresses;
  /** The sandbox's folder. */
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly openPage: OpenPage;
}

export const consoleDesk = ({ addresses, dir, signal, openPage }: DeskOptions): ConsoleDesk => ({
  open(person) {
    const env = clientEnvironment(process.env, addresses, dir, person);
    const terminal = startConsoleTerminal({ env, cwd: dir, signal });
    // It is awaited in the step that shows it.
    terminal.catch(() => undefined);
    return { terminal, openPage };
  },
});
