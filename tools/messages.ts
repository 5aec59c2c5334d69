/** `npm run messages`: prints every text that the program can show a person, by surface. */
import { runScript } from "../lab/command-line.ts";
import { allMessages, lacksOf, type Message } from "./message-texts.ts";
import { writeSlackGallery } from "./slack-gallery.ts";

const HELP = `npm run messages -- [--slack DIR]

Prints every text that the program can show a person, grouped by where it appears, and marks texts
that do not say what happened, what was not done, or what to do next.

  --slack DIR   writes every message to Slack into DIR instead, as Block Kit JSON, checked against
                Slack's limits
  --help        print this
`;

const printed = (message: Message): string => {
  const lacks = lacksOf(message);
  const fault = lacks.length > 0 ? `  LACKS ${lacks.join(", ")}\n` : "";
  return `  ${message.text.replaceAll("\n", "\n  ")}\n${fault}    ${message.kind}, ${message.where}\n`;
};

const OPTIONS = { slack: { type: "string" } } as const;

await runScript({ script: "messages", help: HELP, options: OPTIONS }, ({ values: { slack } }) => {
  if (slack !== undefined) {
    process.stdout.write(`${writeSlackGallery(slack)} messages are in ${slack}\n`);
    return 0;
  }
  const bySurface = Map.groupBy(allMessages(), ({ surface }) => surface);
  for (const [surface, messages] of [...bySurface].sort(([a], [b]) => (a < b ? -1 : 1)))
    process.stdout.write(`${surface}\n\n${messages.map(printed).join("\n")}\n`);
  return 0;
});
