/** The search of the site, as a plain script: a browser loads no module from a file. */

/**
 * The sections that have every word, the best first.
 *
 * @param {string} typed the words
 * @param {[string, string, string, string][]} entries address, page, heading and text of each section
 */
function findSections(typed, entries) {
  const words = typed.toLowerCase().match(/[\p{L}\p{N}_.:-]+/gu) ?? [];
  if (words.length === 0) return [];
  const scored = entries.flatMap((entry) => {
    const [, page, heading, text] = entry.map((part) => part.toLowerCase());
    let score = 0;
    for (const word of words) {
      const times = text.split(word).length - 1;
      const named = heading.includes(word) ? 30 : page.includes(word) ? 10 : 0;
      if (times + named === 0) return [];
      score += named + Math.min(times, 5) + (heading === word ? 50 : 0);
    }
    return [{ entry, score, word: words[0] }];
  });
  return scored.sort((a, b) => b.score - a.score).slice(0, 20);
}

/** The words around the first hit. */
function excerptOf(text, word) {
  const at = Math.max(0, text.toLowerCase().indexOf(word));
  const from = at < 40 ? 0 : text.indexOf(" ", at - 40) + 1;
  return `${from === 0 ? "" : "… "}${text.slice(from, from + 140)}${text.length > from + 140 ? " …" : ""}`;
}

function startSearch() {
  const up = document.documentElement.dataset.up;
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const lineOf = ({ entry: [address, page, heading, text], word }) => {
    const link = document.createElement("a");
    link.href = up + address;
    const name = document.createElement("b");
    name.textContent = heading === page ? page : `${page}: ${heading}`;
    const excerpt = document.createElement("span");
    excerpt.textContent = excerptOf(text, word);
    link.append(name, excerpt);
    return link;
  };
  const show = () => {
    const sections = findSections(input.value, window.PAGES ?? []);
    found.replaceChildren(...sections.map(lineOf));
    found.hidden = input.value.trim() === "";
    if (sections.length === 0) found.textContent = "No section has all of these words.";
  };
  // The index is as large as all pages, so it is loaded only for somebody who searches.
  const load = () => {
    if (window.PAGES !== undefined) return;
    const script = document.createElement("script");
    script.src = `${up}search-index.js`;
    script.addEventListener("load", show);
    document.head.append(script);
  };
  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", () => {
    if (window.PAGES !== undefined) show();
  });
  document.addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape") found.hidden = true;
    if (key === "/" && target !== input) setTimeout(() => input.focus());
  });
  // A section of the same page is no new page.
  found.addEventListener("click", () => {
    found.hidden = true;
  });
}

if (typeof document !== "undefined") startSearch();
