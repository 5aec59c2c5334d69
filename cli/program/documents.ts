/** The command that shows the pages. It loads what it needs when it runs. */
import { Argument, type Command } from "commander";
import type { Context } from "../context.ts";
import { TOPICS } from "../docs/topics.ts";

const ABOUT = `
Without a topic it lists the pages. A section of a page is named by its heading:
runbook#restore-a-table. A page that is longer than the terminal goes through
PAGER, else through less.
`;

export function addDocsCommand(program: Command, run: (command: Command) => Context): void {
  const topic = new Argument("[topic]", "which page, or a section of it by its heading");
  // Only for completion: sections and decision records are taken, too.
  topic.argChoices = TOPICS.map((each) => each.topic);
  program
    .command("docs")
    .description("read the pages about Timelatch, without a network")
    .addArgument(topic)
    .addHelpText("after", ABOUT)
    .action(async (name: string | undefined, _options: object, command: Command) => {
      const { docs } = await import("../commands/docs.ts");
      return docs(run(command), name);
    });
}
