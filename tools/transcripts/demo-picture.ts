/**
 * A picture of the demo. It shows chosen scenes of one real run, as an SVG that needs no font or
 * script.
 */

/** The scenes that tell the story, by the beginning of their headings. */
const SCENES = ["alice requests", "bob approves", "The first grant ends", "dave exports"] as const;

const HEADING = /^(\d\d:\d\d:\d\d UTC) {2}(.*)$/;

/** The lines of the picture. Lines wrap as the demo wrapped them. @throws Error if a scene is not there */
function sceneLines(output: string): readonly string[] {
  const scenes = output.split(/\n(?=\d\d:\d\d:\d\d UTC {2})/).map((scene) => scene.trimEnd());
  return SCENES.flatMap((title, at) => {
    const scene = scenes.find((text) =>
      HEADING.exec(text.split("\n", 1)[0] ?? "")?.[2]?.startsWith(title),
    );
    if (scene === undefined) throw new Error(`The demo has no scene that begins with "${title}".`);
    return [...(at > 0 ? [""] : []), ...scene.split("\n")];
  });
}

const FONT_PX = 13;
/** The width of a character in monospaced fonts, as a part of their size. A wider one has room. */
const ADVANCE = 0.61;
const LINE_PX = 19;
const MARGIN_PX = 20;
const BAR_PX = 34;
const COLUMNS = 100;
const WIDTH = Math.ceil(COLUMNS * FONT_PX * ADVANCE) + 2 * MARGIN_PX;
const PROMPT = "$ npm run demo";

/** Colours for light and dark; the window has its own ground, so each reads on either page. */
const STYLE = `
  .window { fill: #ffffff; stroke: #d0d7de }
  text { font: ${FONT_PX}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
  .title { font-weight: 600 } .dim { fill: #59636e } .command { fill: #0550ae } .good { fill: #116329 } .bad { fill: #a40e26 }
  @media (prefers-color-scheme: dark) {
    .window { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc } .dim { fill: #9198a1 } .command { fill: #79c0ff } .good { fill: #56d364 } .bad { fill: #ff7b72 }
  }`;

const XML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string) => text.replace(/[&<>]/g, (char) => XML[char] ?? char);
const span = (style: string, text: string) => `<tspan class="${style}">${escaped(text)}</tspan>`;

/** How a line looks, by how it begins; the lines after a command that ends in `\` belong to it. */
function painted(line: string, before: string | undefined): string {
  const [, time, title] = HEADING.exec(line) ?? [];
  if (time !== undefined) return `${span("dim", `${time}  `)}${span("title", title ?? "")}`;
  if (/^ {2}✔/.test(line)) return span("good", line);
  if (/^ {2}✘/.test(line)) return span("bad", line);
  if (/^ {2}[·…]/.test(line)) return span("dim", line);
  const [, prompt = "", command = ""] = /^( {2}(?:[a-z]+\$|→) )(.*)$/.exec(line) ?? [];
  if (prompt !== "") return `${span("dim", prompt)}${span("command", command)}`;
  if (before?.endsWith("\\")) return span("command", line);
  return escaped(line);
}

/** The SVG of what the demo printed. */
export function demoPicture(output: string): string {
  const lines = [PROMPT, "", ...sceneLines(output)];
  const height = BAR_PX + lines.length * LINE_PX + MARGIN_PX;
  const rows = lines.flatMap((line, at) => {
    const y = BAR_PX + (at + 1) * LINE_PX;
    const text = line === PROMPT ? span("command", line) : painted(line, lines[at - 1]);
    return line === ""
      ? []
      : [`<text x="${MARGIN_PX}" y="${y}" xml:space="preserve">${text}</text>`];
  });
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, at) =>
      `<circle cx="${MARGIN_PX + 6 + at * 20}" cy="${BAR_PX / 2 + 2}" r="6" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    "<title>npm run demo: access is requested, approved, active, and gone in time</title>",
    `<style>${STYLE}\n</style>`,
    `<rect class="window" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10"/>`,
    ...dots,
    ...rows,
    "</svg>\n",
  ].join("\n");
}

const PLAIN: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** The lines of text in such a picture; empty lines are not among them. */
export const pictureText = (svg: string): string =>
  [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)]
    .map(([, text = ""]) =>
      text.replace(/<[^>]+>/g, "").replace(/&\w+;/g, (entity) => PLAIN[entity] ?? entity),
    )
    .join("\n");
