/**
 * An HTML element. Text is always set as text: nothing that an app says becomes markup.
 * @param {string} tag
 * @param {Record<string, unknown>} [members] attributes; `on…` are listeners, `class` is className
 * @param {...(Node | string | null | undefined | false)} children
 */
export function el(tag, members = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

/** Shows a line at the foot of the page for some seconds. */
export function toast(sentence) {
  const note = el("div", { class: "toast", role: "alert" }, sentence);
  document.body.append(note);
  setTimeout(() => note.remove(), 6_000);
}
