/** Ways to each failure of `timelatch console`. */
import { createServer } from "node:net";
import { openConsole } from "../../../cli/commands/console.ts";
import { knock, letIn, runConsole, WHO } from "../console/running-console.ts";
import { fakeTerminal } from "../fake-terminal.ts";

/** The catalogue is the same on every machine. */
const PORT = 7777;

async function onTakenPort(): Promise<unknown> {
  const holder = createServer();
  // Where somebody else has it, it is taken as well.
  await new Promise<void>((done) => {
    holder.once("error", () => done());
    holder.listen(PORT, "127.0.0.1", done);
  });
  const console_ = await runConsole(() => ({ body: {} }), { port: PORT });
  holder.close();
  await console_.close();
  throw await console_.ended;
}

/** The console of bob, whose credentials become alice's. */
async function asSomebodyElse() {
  const console_ = await runConsole(() => ({ body: { ...WHO, person: "alice" } }));
  await letIn(console_);
  console_.keys.accessKeyId = "AKIDALICE";
  const call = { path: "/api/v1/clusters", headers: console_.page() };
  await knock(console_.port, call).catch(() => undefined);
  const failure = await console_.ended;
  await console_.close();
  throw failure;
}

export const CONSOLE_WAYS: Readonly<Record<string, () => unknown>> = {
  "a console without a terminal": () => openConsole(fakeTerminal().context, {}),
  "a console on a port that is taken": onTakenPort,
  "a console whose credentials became somebody else's": asSomebodyElse,
};
