import { meantBy, meantText, questionOf } from "../../shared/domain/values/nearest-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { answer, type Context } from "../context.ts";
import {
  headingsOf,
  type Section,
  sectionAt,
  sourceOf,
  tokensOf,
  wholePage,
} from "../docs/markdown.ts";
import { blocksLines } from "../docs/page-lines.ts";
import { pageLinks } from "../docs/page-links.ts";
import { pageTexts } from "../docs/page-texts.ts";
import { writePaged } from "../docs/pager.ts";
import { GROUPS, TOPICS, topicNamed, topicOfFile, wantedBy } from "../docs/topics.ts";
import { Failure } from "../failures/failure.ts";
import { padTo } from "../terminal/text-layout.ts";

/** A page, or a section of it. */
interface Page extends Section {
  /** As it is asked for: `runbook#restore-a-table`. */
  readonly topic: string;
  /** From the root of the repository. */
  readonly file: string;
}

/**
 * `timelatch docs`: lists the pages, or shows one. It asks nothing of the API and needs no checkout.
 *
 * @param typed a topic, with `#` and an anchor for a section
 * @param write shows a page; the list is always written at once
 * @throws Failure for a topic or a section that there is not
 */
export async function docs(
  context: Context,
  typed: string | undefined,
  write: typeof writePaged = writePaged,
): Promise<void> {
  if (typed === undefined) return answer(context, { topics: TOPICS }, () => listText(context));
  const texts = pageTexts();
  const page = pageNamed(typed, texts);
  const { topic, title, tokens } = page;
  if (context.json) return answer(context, { topic, title, text: sourceOf(tokens) }, () => "");
  const { screen, env } = context;
  await write(
    screen.out,
    pageText(page, (file) => file in texts, context),
    env,
  );
}

function listText({ screen }: Context): string {
  const widest = Math.max(...TOPICS.map(({ topic }) => topic.length));
  const groups = Object.entries(GROUPS).map(([group, heading]) => {
    const lines = TOPICS.filter((each) => each.group === group).map(
      ({ topic, about }) => `  ${padTo(topic, widest)}  ${about}\n`,
    );
    return `${screen.out.paint("bold", heading)}\n${lines.join("")}`;
  });
  return `${groups.join("\n")}\nShow one: timelatch docs <topic>\n`;
}

function pageNamed(typed: string, texts: Readonly<Record<string, string>>): Page {
  const wanted = wantedBy(typed);
  const files = new Map(Object.keys(texts).map((file) => [topicOfFile(file), file]));
  const name = topicNamed(wanted.topic, [...files.keys()]);
  const file = files.get(name ?? "");
  if (name === undefined || file === undefined) throw unknownTopic(wanted.topic, [...files.keys()]);
  const text = texts[file] ?? "";
  const tokens = tokensOf(file.endsWith(".json") ? `\`\`\`json\n${text.trim()}\n\`\`\`\n` : text);
  if (wanted.anchor === undefined) return { topic: name, file, ...wholePage(tokens, name) };
  const section = sectionAt(tokens, wanted.anchor);
  if (section) return { topic: `${name}#${wanted.anchor}`, file, ...section };
  const anchors = headingsOf(tokens).map(({ anchor }) => anchor);
  throw unknownSection(name, wanted.anchor, anchors);
}

const unknownTopic = (typed: string, known: readonly string[]) =>
  new Failure("notFound", "unknown-topic", {
    what: `There is no page '${visible(typed)}'.${meantText(typed, known)}`,
    notDone: "Nothing was done.",
    next: ["Next: run timelatch docs, which lists the pages."],
  });

function unknownSection(page: string, typed: string, known: readonly string[]): Failure {
  const meant = meantBy(typed, known);
  const name = meant === undefined ? undefined : `${page}#${meant}`;
  return new Failure("notFound", "unknown-section", {
    what: `The page ${page} has no section '${visible(typed)}'.${questionOf(name)}`,
    notDone: "Nothing was done.",
    next: [`Next: run timelatch docs ${page}, which shows the whole page.`],
  });
}

function pageText({ tokens, file }: Page, isPage: (file: string) => boolean, { screen }: Context) {
  const { columns, paint } = screen.out;
  const links = pageLinks(file, isPage);
  const lines = blocksLines(tokens, { width: columns, paint, links });
  const followed = links.lines();
  const beneath = followed.length === 0 ? [] : ["", ...followed.map((line) => paint("dim", line))];
  return `${[...lines, ...beneath].join("\n")}\n`;
}
