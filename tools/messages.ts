/** `npm run messages`: prints every text that the program can give a person, by surface. */
import { allMessages, lacksOf, type Message } from "./message-texts.ts";

const told = ({ kind, where, text, ...rest }: Message): string => {
  const lacks = lacksOf({ kind, where, text, ...rest });
  const fault = lacks.length > 0 ? `  LACKS ${lacks.join(", ")}\n` : "";
  return `  ${text.replaceAll("\n", "\n  ")}\n${fault}    ${kind}, ${where}\n`;
};

const bySurface = Map.groupBy(allMessages(), ({ surface }) => surface);
for (const [surface, messages] of [...bySurface].sort(([a], [b]) => (a < b ? -1 : 1)))
  process.stdout.write(`${surface}\n\n${messages.map(told).join("\n")}\n`);
